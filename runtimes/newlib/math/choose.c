/* fmax and fmin: the larger and the smaller; a NaN counts as missing, and a quiet one raises nothing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

double fmax(double x, double y) { return __builtin_isgreater(x, y) || isnan(y) ? x : y; }
float fmaxf(float x, float y) { return __builtin_isgreater(x, y) || isnan(y) ? x : y; }
double fmin(double x, double y) { return __builtin_isless(x, y) || isnan(y) ? x : y; }
float fminf(float x, float y) { return __builtin_isless(x, y) || isnan(y) ? x : y; }
