/* fma and fmaf: by instruction where there is one, else by exact sums in long double (which presume rounding to
   nearest), rounded once. newlib's own round twice. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdint.h>

#include <hermit/syscalls.h>

/* Every processor with AVX2 has FMA. */
#define WITH_FMA __attribute__((target("fma")))

enum { LOW_BITS = 27 }; /* of a double's 53: products of such parts are exact in long double */

struct pair {
  long double high, low; /* high: the rounded value, low: exactly what rounding took away */
};

static struct pair sum(long double a, long double b) {
  long double s = a + b, shadow = s - a;
  return (struct pair){s, (a - (s - shadow)) + (b - shadow)};
}

static double leading_part(double x) {
  union {
    double value;
    uint64_t bits;
  } parts = {.value = x};
  parts.bits &= -((uint64_t)1 << LOW_BITS);
  return parts.value;
}

static struct pair product(double x, double y) {
  long double xh = leading_part(x), yh = leading_part(y), xl = x - xh, yl = y - yh, p = (long double)x * y;
  return (struct pair){p, ((xh * yh - p) + xh * yl + xl * yh) + xl * yl};
}

/* high + low, cut off to long double and made odd if that lost something: a later rounding to fewer bits then goes
   the right way. */
static long double to_odd(long double high, long double low) {
  struct pair s = sum(high, low);
  union {
    long double value;
    uint64_t mantissa;
  } bits = {.value = s.high};
  if (s.low != 0 && !(bits.mantissa & 1))
    return nextafterl(s.high, (s.low > 0) ? INFINITY : -INFINITY);
  return s.high;
}

static long double add_exactly(struct pair p, long double z) {
  struct pair low = sum(z, p.low), high = sum(p.high, low.high);
  return to_odd(high.high, to_odd(low.low, high.low));
}

WITH_FMA static double fma_fast(double x, double y, double z) { return __builtin_fma(x, y, z); }
WITH_FMA static float fmaf_fast(float x, float y, float z) { return __builtin_fmaf(x, y, z); }

double fma(double x, double y, double z) {
  if (hermit_cpu_features & HERMIT_CPU_AVX2)
    return fma_fast(x, y, z);
  if (!isfinite(x) || !isfinite(y) || x == 0 || y == 0)
    return x * y + z;
  if (!isfinite(z) || z == 0)
    return z == 0 ? x * y : z; /* the exact product is neither infinite nor zero */
  return (double)add_exactly(product(x, y), z);
}

float fmaf(float x, float y, float z) {
  if (hermit_cpu_features & HERMIT_CPU_AVX2)
    return fmaf_fast(x, y, z);
  if (!isfinite(x) || !isfinite(y) || x == 0 || y == 0)
    return x * y + z;
  if (!isfinite(z) || z == 0)
    return z == 0 ? x * y : z;
  return (float)to_odd((long double)x * y, z);
}
