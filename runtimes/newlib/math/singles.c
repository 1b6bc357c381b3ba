/* Functions of floats by way of double's: newlib's own are wrong by up to 44 units of the last place, and no faster. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

float cbrtf(float x) { return (float)cbrt(x); }
float erff(float x) { return (float)erf(x); }
float erfcf(float x) { return (float)erfc(x); }
