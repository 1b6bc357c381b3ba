// libm: double functions against the long-double ones, those against digits known from elsewhere, and errors.
// SPDX-License-Identifier: BSD-3-Clause
#include <complex.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <tgmath.h>
#undef exp // tgmath's macros: the functions themselves are meant below
#undef log
#undef pow
#undef sin
#undef cos
#undef tan
#undef sqrt
#undef cbrt
#undef atan
#undef exp2
#undef log2
#undef log10
#undef tanh
#undef hypot
#undef fabs

static int failures;
static uint64_t state = 88172645463325252u;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s\n", what);
    failures += !holds;
}

static double draw(double low, double high)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return low + (high - low) * (double)(state >> 11) * 0x1p-53;
}

// Error of `got` in units of its last place.
static double error(double got, long double exact)
{
    double unit = nextafter(fabs((double)exact), INFINITY) - fabs((double)exact);
    return (double)(fabsl((long double)got - exact) / unit);
}

static void accuracy(const char *name, double (*f)(double), long double (*l)(long double), double low, double high, double limit)
{
    double worst = 0, where = 0;
    for (int i = 0; i < 20000; i++) {
        double x = draw(low, high), e = error(f(x), l(x));
        if (!(e <= worst)) {
            worst = e;
            where = x;
        }
    }
    if (!(worst <= limit)) {
        printf("FAILED: %s(%a) is wrong by %.2f units\n", name, where, worst);
        failures++;
    }
}

static void doubles(void)
{
    accuracy("exp", exp, expl, -700, 700, 0.6);
    accuracy("exp2", exp2, exp2l, -1000, 1000, 0.6);
    accuracy("log", log, logl, 1e-3, 1e6, 0.6);
    accuracy("log2", log2, log2l, 1e-3, 1e6, 1.5);
    accuracy("log10", log10, log10l, 1e-3, 1e6, 2);
    accuracy("sin", sin, sinl, -1e5, 1e5, 1);
    accuracy("cos", cos, cosl, -1e5, 1e5, 1);
    accuracy("tan", tan, tanl, -100, 100, 1.5);
    accuracy("atan", atan, atanl, -100, 100, 1);
    accuracy("tanh", tanh, tanhl, -20, 20, 2);
    accuracy("cbrt", cbrt, cbrtl, -1e9, 1e9, 1);
    accuracy("sqrt", sqrt, sqrtl, 0, 1e9, 0.5);
    double worst = 0;
    for (int i = 0; i < 20000; i++) {
        double x = draw(0.1, 100), y = draw(-50, 50);
        worst = fmax(worst, error(pow(x, y), powl(x, y)));
    }
    check("pow within 0.6 units", worst <= 0.6);
}

static void is(const char *name, long double value, const char *digits)
{
    char text[64];
    snprintf(text, sizeof text, "%.18Lg", value);
    if (strcmp(text, digits)) {
        printf("FAILED: %s is %s, not %s\n", name, text, digits);
        failures++;
    }
}

static void long_doubles(void)
{
    is("e", expl(1), "2.71828182845904524");
    is("pi", 4 * atanl(1), "3.14159265358979324");
    is("ln 10", logl(10), "2.30258509299404568");
    is("sqrt 2", sqrtl(2), "1.41421356237309505");
    is("2^(1/3)", cbrtl(2), "1.25992104989487316");
    is("sin 1", sinl(1), "0.841470984807896507");
    is("tgamma 0.5", tgammal(0.5L), "1.77245385090551603");
    is("lgamma 10", lgammal(10), "12.8018274800814696");
    is("erf 0.5", erfl(0.5L), "0.520499877813046538");
    is("3^0.5", powl(3, 0.5L), "1.73205080756887729");
    is("hypot", hypotl(3e2000L, 4e2000L), "5e+2000");
    long double complex z = cexpl(3.14159265358979323846264L * I);
    check("cexpl(pi i) = -1", creall(z) == -1 && fabsl(cimagl(z)) < 1e-18L);
    check("tgmath picks long double", sizeof(floor(1.5L)) == sizeof(long double) && sizeof(ceil(1.5f)) == sizeof(float));
    check("signgam of lgammal", lgammal(-0.5L) > 1.26L && signgam == -1);
}

static void errors(void)
{
    volatile double zero = 0, minus = -1;
    errno = 0;
    check("log(-1): EDOM", isnan(log(minus)) && errno == EDOM);
    errno = 0;
    check("log(0): ERANGE", log(zero) == -INFINITY && errno == ERANGE);
    errno = 0;
    check("exp(1000): ERANGE", exp(1000 - minus) == INFINITY && errno == ERANGE);
    errno = 0;
    check("pow(0, -1): ERANGE", pow(zero, minus) == INFINITY && errno == ERANGE);
    volatile double one = 0x1.0000000000001p0, two = -0x1.0000000000002p0; // volatile: no folding by the compiler
    volatile float single = 0x1.000002p0f, difference = -0x1.000004p0f;
    check("fma rounds once", fma(one, one, two) == 0x1p-104 && fmaf(single, single, difference) == 0x1p-46f);
    check("hypot", hypot(-3 * one / one, 4 - zero) == 5 && hypot(1e300 * -minus, 1e300) < 1.5e300);
    check("remquo, ilogb, scalbn", ilogb(1e10) == 33 && scalbn(1.5, 4) == 24 && remainder(5, 3) == -1);
    volatile int most = INT_MAX, least = INT_MIN;
    check("scalbn by any number", scalbn(one, most) == INFINITY && scalbnf(single, most) == INFINITY &&
          scalbn(two, least) == 0 && signbit(scalbnf(difference, least)) && ldexp(minus, most) == -INFINITY);
    check("scalbn of subnormals", scalbn(0x1p-1074 * -minus, 2097) == 0x1p1023 && scalbn(-minus, -1074) == 0x1p-1074 &&
          scalbn(0x1.8p0 * -minus, -1074) == 0x1p-1073 && scalbnf(0x1p-149f * (float)-minus, 276) == 0x1p127f &&
          scalbn(minus, -1080) == 0 && scalbn(INFINITY, least) == INFINITY && scalbn(0x1p-1022 * -minus, -52) == 0x1p-1074);
    volatile double half = 2.5;
    check("halves", rint(half) == 2 && rint(-half) == -2 && floor(half) == 2 && floor(-half) == -3 && ceil(half) == 3);
    check("signs of zeros", signbit(ceil(minus / 2)) && signbit(trunc(minus / 2)) && !signbit(floor(half / 5)));
    check("more halves", ceil(-half) == -2 && trunc(half) == 2 && trunc(-half) == -2 && floor(1e300 * half) == 2.5e300);
    check("rounding functions", rint(2.5) == 2 && round(2.5) == 3 && lrint(-1.5) == -2 && trunc(-1.7) == -1);
}

int main(void)
{
    doubles();
    long_doubles();
    errors();
    printf("\n%d failures\n", failures);
    return failures != 0;
}
