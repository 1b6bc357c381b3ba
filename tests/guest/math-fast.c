// libm's functions as they are on processors with FMA and on those without: both right to a unit or so of the last place,
// alike in special cases and errno; fmod and remainder exact.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // sincos
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>

extern uint32_t hermit_cpu_features; // what the functions choose by

enum { ROUNDS = 4000 };

static int failures;
static uint64_t state = 88172645463325252u;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static double between(double low, double high)
{
    return low + (high - low) * (double)(draw() >> 11) * 0x1p-53;
}

static void check(const char *what, int holds, double x, double got)
{
    if (holds)
        return;
    printf("FAILED %s(%a) = %a, features %x\n", what, x, got, (unsigned)hermit_cpu_features);
    failures++;
}

// In units of the last place of a number with `digits` binary digits.
static double error(long double got, long double exact, int digits)
{
    int exponent;
    frexpl(exact, &exponent);
    return (double)fabsl((got - exact) / ldexpl(1, exponent - digits));
}

// The limits are those of what newlib has without FMA.
static const struct {
    const char *name;
    double (*function)(double);
    float (*single)(float);
    long double (*exact)(long double);
    double low, high, limit, single_limit;
} functions[] = {
    {"sin", sin, sinf, sinl, -1e3, 1e3, 1, 1}, {"cos", cos, cosf, cosl, -1e3, 1e3, 1, 1},
    {"tan", tan, tanf, tanl, -100, 100, 1, 1}, {"asin", asin, asinf, asinl, -1, 1, 1, 1},
    {"acos", acos, acosf, acosl, -1, 1, 1, 1}, {"atan", atan, atanf, atanl, -50, 50, 1, 1},
    {"sinh", sinh, sinhf, sinhl, -30, 30, 2, 2}, {"cosh", cosh, coshf, coshl, -30, 30, 2, 2},
    {"tanh", tanh, tanhf, tanhl, -20, 20, 2.2, 2.5}, {"asinh", asinh, asinhf, asinhl, -90, 90, 2, 2},
    {"acosh", acosh, acoshf, acoshl, 1, 90, 2, 2.5}, {"atanh", atanh, atanhf, atanhl, -1, 1, 2, 2},
    {"exp", exp, expf, expl, -80, 80, 0.6, 0.6}, {"exp2", exp2, exp2f, exp2l, -120, 120, 0.6, 0.6},
    {"expm1", expm1, expm1f, expm1l, -20, 20, 1, 1}, {"log", log, logf, logl, 1e-4, 1e3, 0.6, 1},
    {"log2", log2, log2f, log2l, 1e-4, 1e3, 0.6, 1}, {"log10", log10, log10f, log10l, 1e-4, 1e3, 2, 2.5},
    {"log1p", log1p, log1pf, log1pl, -0.99, 1e3, 1, 1}, {"cbrt", cbrt, cbrtf, cbrtl, -1e3, 1e3, 1, 0.6},
    {"erf", erf, erff, erfl, -4, 4, 1, 0.6}, {"erfc", erfc, erfcf, erfcl, -4, 8, 2.5, 0.6},
    {"sqrt", sqrt, sqrtf, sqrtl, 0, 1e9, 0.5, 0.5}, {"tgamma", tgamma, tgammaf, tgammal, 0.5, 20, 8, 0.6},
    {"lgamma", lgamma, lgammaf, lgammal, 3, 1e3, 2, 3},
};

static void accuracy(void)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        double worst = 0, single_worst = 0, where = 0, single_where = 0;
        for (int round = 0; round < ROUNDS; round++) {
            double x = between(functions[i].low, functions[i].high);
            double e = error(functions[i].function(x), functions[i].exact(x), 53);
            if (!(e <= worst))
                worst = e, where = x;
            float y = (float)x;
            e = error(functions[i].single(y), functions[i].exact(y), 24);
            if (!(e <= single_worst))
                single_worst = e, single_where = y;
        }
        check(functions[i].name, worst <= functions[i].limit, where, worst);
        check(functions[i].name, single_worst <= functions[i].single_limit, single_where, single_worst);
    }
}

static void of_two(void)
{
    double worst[4] = {0};
    for (int round = 0; round < 2 * ROUNDS; round++) {
        double x = between(0.1, 50), y = between(-20, 20), s, c;
        worst[0] = fmax(worst[0], error(pow(x, y), powl(x, y), 53));
        worst[1] = fmax(worst[1], error(powf((float)x, 2.5f), powl((float)x, 2.5L), 24));
        worst[2] = fmax(worst[2], error(atan2(y, x), atan2l(y, x), 53));
        worst[3] = fmax(worst[3], error(hypotf((float)x, (float)y), hypotl((float)x, (float)y), 24));
        sincos(y, &s, &c);
        check("sincos", s == sin(y) && c == cos(y), y, s);
    }
    check("pow", worst[0] <= 0.6, 0, worst[0]);
    check("powf", worst[1] <= 1, 0, worst[1]);
    check("atan2", worst[2] <= 1.5, 0, worst[2]);
    check("hypotf", worst[3] <= 0.51, 0, worst[3]);
}

static int same(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a == b && !signbit(a) == !signbit(b));
}

// Numbers of any exponent, near ones, whole ones.
static double number(void)
{
    switch (draw() % 4) {
    case 0:
        return ldexp(between(-1, 1), (int)(draw() % 2000) - 1000);
    case 1:
        return (double)(int64_t)(draw() % 2001) - 1000;
    default:
        return ldexp(between(-1, 1), (int)(draw() % 60));
    }
}

static void rests(void)
{
    for (int round = 0; round < 10 * ROUNDS; round++) {
        double x = number(), y = number();
        float a = (float)x, b = (float)y;
        if (y == 0 || b == 0 || isinf(a))
            continue;
        check("fmod", same(fmod(x, y), (double)fmodl(x, y)), x, y);
        check("remainder", same(remainder(x, y), (double)remainderl(x, y)), x, y);
        check("fmodf", same(fmodf(a, b), (double)fmodl(a, b)), a, b);
        check("remainderf", same(remainderf(a, b), (double)remainderl(a, b)), a, b);
    }
}

static void special(void)
{
    static const volatile double zero = 0, one = 1, inf = INFINITY, nan = NAN, tiny = 5e-324, huge = 1e308;
#define GIVES(call, value, number)                                                                                               \
    do {                                                                                                                         \
        errno = 0;                                                                                                               \
        double got = call;                                                                                                       \
        check(#call, same(got, value) && errno == number, number, got);                                                          \
    } while (0)
    GIVES(fmod(one, zero), NAN, EDOM);
    GIVES(fmod(inf, one), NAN, EDOM);
    GIVES(fmod(nan, zero), NAN, 0);
    GIVES(fmod(one, inf), 1, 0);
    GIVES(fmod(-zero, one), -0.0, 0);
    GIVES(fmod(huge, tiny), 0, 0);
    GIVES(remainder(-one, inf), -1, 0);
    GIVES(remainder(inf, one), NAN, EDOM);
    GIVES(remainder(5 * one, 2), 1, 0);
    GIVES(remainder(7 * one, 2), -1, 0);
    GIVES(fmax(nan, one), 1, 0);
    GIVES(fmin(one, nan), 1, 0);
    GIVES(fmax(nan, nan), NAN, 0);
    GIVES(fmaxf(-inf, 2), 2, 0);
    GIVES(hypotf(-inf, nan), INFINITY, 0);
    GIVES(hypotf(3, 4), 5, 0);
    GIVES(hypotf(3e38f, 3e38f), INFINITY, ERANGE);
    GIVES(sqrt(-one), NAN, EDOM);
    GIVES(sqrtf(-one), NAN, EDOM);
    GIVES(sqrt(-zero), -0.0, 0);
    GIVES(log(zero), -INFINITY, ERANGE);
    GIVES(log(-one), NAN, EDOM);
    GIVES(exp(1000 * one), INFINITY, ERANGE);
    GIVES(pow(zero, -one), INFINITY, ERANGE);
    GIVES(pow(-2 * one, 0.5), NAN, EDOM);
    GIVES(sin(inf), NAN, 0);
    GIVES(asin(2 * one), NAN, EDOM);
    GIVES(acosf(2 * one), NAN, EDOM);
    GIVES(tgamma(-one), NAN, EDOM);
    GIVES(tgamma(zero), INFINITY, ERANGE);
    GIVES(tgammaf(50 * one), INFINITY, ERANGE);
    GIVES(exp2f(-inf), 0, 0);
    GIVES(logf(inf), INFINITY, 0);
    GIVES(tan(-zero), -0.0, 0);
    feclearexcept(FE_ALL_EXCEPT);
    check("fmax of a quiet NaN raises nothing", fmax(nan, one) == 1 && !fetestexcept(FE_INVALID), 0, 0);
    check("fmod does not overflow", fmod(huge, 1e-10 * one) < 1e-10 && !fetestexcept(FE_OVERFLOW), 0, 0);
}

int main(void)
{
    for (int pass = 0; pass < 2; pass++) {
        accuracy();
        of_two();
        rests();
        special();
        hermit_cpu_features = 0;
    }
    printf("\n%d failures\n", failures);
    return failures != 0;
}
