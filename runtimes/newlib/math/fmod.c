/* fmod and remainder, exact: one division where the quotient is small and there is FMA, else whole-number division. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <math.h>
#include <stdint.h>

#include <hermit/syscalls.h>

#define WITH_FMA __attribute__((target("avx2,fma")))

enum { MANTISSA_BITS = 52, EXPONENTS = 0x7ff, FAR = 50 };
enum { STEP = 10 }; /* twice a mantissa, shifted by as much, fits 64 bits */

static uint64_t bits_of(double x) {
  union {
    double value;
    uint64_t bits;
  } both = {.value = x};
  return both.bits;
}

static int exponent_of(double x) { return (int)(bits_of(x) >> MANTISSA_BITS & EXPONENTS); }

/* x = *mantissa * 2^result, for a positive finite x. */
static int parts(double x, uint64_t *mantissa) {
  int exponent = exponent_of(x);
  *mantissa = bits_of(x) & (((uint64_t)1 << MANTISSA_BITS) - 1);
  if (exponent == 0)
    return 1 - 1023 - MANTISSA_BITS;
  *mantissa |= (uint64_t)1 << MANTISSA_BITS;
  return exponent - 1023 - MANTISSA_BITS;
}

/* a mod b and, in *odd, the quotient's last bit, for a >= b. */
static double divide_far(double a, double b, int *odd) {
  uint64_t rest, divisor;
  int far = parts(a, &rest), exponent = parts(b, &divisor);
  divisor *= 2; /* by twice b: what remains then tells of the last bit */
  for (far -= exponent, rest %= divisor; far > 0; far -= STEP)
    rest = (rest << (far < STEP ? far : STEP)) % divisor;
  divisor /= 2;
  *odd = rest >= divisor;
  return scalbn((double)(*odd ? rest - divisor : rest), exponent);
}

/* The same where the quotient has less than FAR + 1 bits. Rounded, it is right or one too large: then the rest, exact
   in both cases, is negative. */
WITH_FMA static double divide_near(double a, double b, int *odd) {
  double quotient = __builtin_trunc(a / b), rest = __builtin_fma(-quotient, b, a);
  int over = rest < 0;
  *odd = ((int64_t)quotient - over) & 1;
  return over ? rest + b : rest;
}

static double divide(double a, double b, int *odd) {
  if (__builtin_expect(exponent_of(a) - exponent_of(b) < FAR && exponent_of(b) > MANTISSA_BITS, 1) &&
      hermit_cpu_features & HERMIT_CPU_AVX2)
    return divide_near(a, b, odd);
  return divide_far(a, b, odd);
}

/* NaN for what has no rest: an infinite x, a zero y; errno only if neither was one already. */
static double invalid(double x, double y) {
  if (!isnan(x) && !isnan(y))
    errno = EDOM;
  return (x * y) / (x * y);
}

static int has_rest(double x, double y) { return isfinite(x) && !isnan(y) && y != 0; }

double fmod(double x, double y) {
  double a = fabs(x), b = fabs(y);
  int odd;
  if (!has_rest(x, y))
    return invalid(x, y);
  return a < b ? x : copysign(divide(a, b, &odd), x);
}

double remainder(double x, double y) {
  double a = fabs(x), b = fabs(y);
  int odd = 0;
  if (!has_rest(x, y))
    return invalid(x, y);
  double rest = a < b ? a : divide(a, b, &odd);
  if (rest > b - rest || (rest == b - rest && odd))
    return copysign(1, x) * (rest - b);
  return copysign(rest, x);
}

/* Exact in double, and the result is a float. */
float fmodf(float x, float y) { return (float)fmod(x, y); }
float remainderf(float x, float y) { return (float)remainder(x, y); }
