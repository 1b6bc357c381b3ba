/* hypotf by way of double, which neither overflows nor loses digits. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <immintrin.h>
#include <math.h>

float hypotf(float x, float y) {
  if (isinf(x) || isinf(y))
    return INFINITY;
  double square = (double)x * x + (double)y * y;
  float length = (float)_mm_cvtsd_f64(_mm_sqrt_pd(_mm_set_sd(square)));
  if (__builtin_expect(isinf(length), 0))
    errno = ERANGE;
  return length;
}
