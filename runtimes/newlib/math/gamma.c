/* tgamma and tgammaf over musl's, which is right to a few units of the last place where newlib's is not to 80; with errno. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <math.h>

double __hermit_tgamma(double); /* musl's */

/* What that calls, with other names in newlib: sine and cosine of x + y near 0. */
#define HIDDEN __attribute__((visibility("hidden")))
double __kernel_sin(double x, double y, int has_y);
double __kernel_cos(double x, double y);
HIDDEN double __sin(double x, double y, int has_y);
HIDDEN double __cos(double x, double y);

double __sin(double x, double y, int has_y) { return __kernel_sin(x, y, has_y); }
double __cos(double x, double y) { return __kernel_cos(x, y); }

/* A pole at 0, none but NaN at negative whole numbers, too much elsewhere. */
static void note_error(double x) { errno = x < 0 && floor(x) == x ? EDOM : ERANGE; }

double tgamma(double x) {
  double y = __hermit_tgamma(x);
  if (!isfinite(y) && !isnan(x) && x != INFINITY)
    note_error(x);
  return y;
}

float tgammaf(float x) {
  float y = (float)__hermit_tgamma(x);
  if (!isfinite(y) && !isnan(x) && x != INFINITY)
    note_error(x);
  return y;
}
