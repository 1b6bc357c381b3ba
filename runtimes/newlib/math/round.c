/* floor, ceil, trunc, rint and nearbyint: one SSE4.1 instruction, or a sum with 2^52 that leaves no fraction. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <immintrin.h>
#include <math.h>

#include <hermit/syscalls.h>

/* Every processor with AVX2 has SSE4.1. */
#define WITH_SSE41 __attribute__((target("sse4.1")))

static int has_sse41(void) { return hermit_cpu_features & HERMIT_CPU_AVX2; }

/* The integer that the current rounding direction gives; adding `big` leaves no bits below the point. */
static double nearest(double x) {
  const volatile double big = copysign(0x1p52, x);
  return fabs(x) < 0x1p52 ? copysign((x + big) - big, x) : x;
}

static float nearestf(float x) {
  const volatile float big = copysignf(0x1p23f, x);
  return fabsf(x) < 0x1p23f ? copysignf((x + big) - big, x) : x;
}

/* nearest() of the other direction may be off by one; its sign is kept for zeros. */
#define DEFINE(name, type, suffix, scalar, mode, off_by_one, step)                                                      \
  WITH_SSE41 static type name##_fast(type x) {                                                                          \
    return scalar(x, mode);                                                                                             \
  }                                                                                                                     \
  type name(type x) {                                                                                                   \
    if (has_sse41())                                                                                                    \
      return name##_fast(x);                                                                                            \
    type whole = nearest##suffix(x);                                                                                    \
    return off_by_one ? copysign##suffix(whole + (step), x) : whole;                                                    \
  }

#define ROUND_SD(x, mode) _mm_cvtsd_f64(_mm_round_sd(_mm_setzero_pd(), _mm_set_sd(x), mode))
#define ROUND_SS(x, mode) _mm_cvtss_f32(_mm_round_ss(_mm_setzero_ps(), _mm_set_ss(x), mode))

DEFINE(floor, double, , ROUND_SD, _MM_FROUND_FLOOR, whole > x, -1)
DEFINE(floorf, float, f, ROUND_SS, _MM_FROUND_FLOOR, whole > x, -1)
DEFINE(ceil, double, , ROUND_SD, _MM_FROUND_CEIL, whole < x, 1)
DEFINE(ceilf, float, f, ROUND_SS, _MM_FROUND_CEIL, whole < x, 1)
DEFINE(trunc, double, , ROUND_SD, _MM_FROUND_TRUNC, fabs(whole) > fabs(x), x > 0 ? -1 : 1)
DEFINE(truncf, float, f, ROUND_SS, _MM_FROUND_TRUNC, fabsf(whole) > fabsf(x), x > 0 ? -1 : 1)
DEFINE(rint, double, , ROUND_SD, _MM_FROUND_CUR_DIRECTION, 0, 0)
DEFINE(rintf, float, f, ROUND_SS, _MM_FROUND_CUR_DIRECTION, 0, 0)
