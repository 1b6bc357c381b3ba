// The functions of libm that number crunching calls, each over arguments that differ from call to call.
// SPDX-License-Identifier: BSD-3-Clause
#include <math.h>

#include "figure.h"

enum { ARGUMENTS = 1024 };

static double small[ARGUMENTS], positive[ARGUMENTS], wide[ARGUMENTS], large[ARGUMENTS];
// Results are kept where others could look, so that none is dropped; no call waits for the one before.
extern double results[ARGUMENTS];
double results[ARGUMENTS];

#define WORK(name, type, function)                                                                                              \
    static void name(void *data, size_t calls)                                                                                  \
    {                                                                                                                           \
        const double *x = data;                                                                                                 \
        for (size_t i = 0; i < calls; i++)                                                                                      \
            results[i % ARGUMENTS] = (double)function((type)x[i % ARGUMENTS]);                                                  \
    }
#define WORK2(name, type, function)                                                                                             \
    static void name(void *data, size_t calls)                                                                                  \
    {                                                                                                                           \
        const double *x = data;                                                                                                 \
        for (size_t i = 0; i < calls; i++)                                                                                      \
            results[i % ARGUMENTS] = (double)function((type)x[i % ARGUMENTS], (type)small[(i + 7) % ARGUMENTS]);                \
    }

#define ONE(each)                                                                                                               \
    each(sin, wide) each(cos, wide) each(tan, wide) each(asin, small) each(acos, small) each(atan, wide) each(sinh, wide)       \
    each(cosh, wide) each(tanh, wide) each(exp, wide) each(exp2, wide) each(expm1, small) each(log, positive)                   \
    each(log2, positive) each(log10, positive) each(log1p, positive) each(sqrt, positive) each(cbrt, wide) each(erf, small)     \
    each(tgamma, positive) each(lgamma, positive) each(floor, wide) each(ceil, wide) each(round, wide) each(trunc, wide)        \
    each(rint, wide) each(nearbyint, wide) each(fabs, wide)
#define TWO(each) each(pow, positive) each(hypot, wide) each(atan2, wide) each(fmod, wide) each(remainder, wide)                \
    each(fmax, wide) each(copysign, wide)

#define DOUBLE(name, range) WORK(do_##name, double, name)
#define FLOAT(name, range) WORK(do_##name##f, float, name##f)
#define DOUBLE2(name, range) WORK2(do_##name, double, name)
#define FLOAT2(name, range) WORK2(do_##name##f, float, name##f)
ONE(DOUBLE)
ONE(FLOAT)
TWO(DOUBLE2)
TWO(FLOAT2)
WORK(do_expl, long double, expl)
WORK(do_logl, long double, logl)
WORK(do_sinl, long double, sinl)
WORK(do_sqrtl, long double, sqrtl)
WORK2(do_powl, long double, powl)

static void sines_and_cosines(void *data, size_t calls)
{
    const double *x = data;
    for (size_t i = 0; i < calls; i++)
        results[i % ARGUMENTS] = sin(x[i % ARGUMENTS]) * cos(x[i % ARGUMENTS]);
}

static void scalings(void *data, size_t calls)
{
    const double *x = data;
    for (size_t i = 0; i < calls; i++) {
        int exponent;
        double fraction = frexp(x[i % ARGUMENTS], &exponent);
        results[i % ARGUMENTS] = ldexp(fraction, exponent & 63);
    }
}

static void remainders(void *data, size_t calls)
{
    const double *x = data;
    for (size_t i = 0; i < calls; i++) {
        double whole;
        results[i % ARGUMENTS] = modf(x[i % ARGUMENTS], &whole) + (double)lround(whole);
    }
}

static void chains(void *data, size_t calls)
{
    double x = *(const double *)data;
    while (calls--)
        x = log(exp(x) + 1);
    results[0] = x;
}

int main(void)
{
    unsigned seed = 1;
    for (int i = 0; i < ARGUMENTS; i++) {
        seed = seed * 1103515245 + 12345;
        double fraction = (seed >> 8) * 0x1p-24;
        small[i] = 0.01 + 0.98 * fraction;
        positive[i] = 0.01 + 20 * fraction;
        wide[i] = 40 * fraction - 20.01;
        large[i] = 1e6 * fraction;
    }
#define PRINT(name, range) figure(#name, do_##name, range);
#define PRINTF(name, range) figure(#name "f", do_##name##f, range);
    ONE(PRINT)
    TWO(PRINT)
    figure("sin-large", do_sin, large);
    figure("fmod-large", do_fmod, large);
    figure("sin-cos", sines_and_cosines, wide);
    figure("frexp-ldexp", scalings, wide);
    figure("modf-lround", remainders, wide);
    figure("log-exp-chain", chains, small);
    ONE(PRINTF)
    TWO(PRINTF)
    figure("expl", do_expl, wide);
    figure("logl", do_logl, positive);
    figure("sinl", do_sinl, wide);
    figure("sqrtl", do_sqrtl, positive);
    figure("powl", do_powl, positive);
    return 0;
}
