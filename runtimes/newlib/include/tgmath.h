/* Type-generic mathematics by gcc's own __builtin_tgmath, which picks the function by the rules of C itself. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _TGMATH_H_
#define _TGMATH_H_

#include <complex.h>
#include <math.h>

#undef log2

#define __tg_real(name, ...) __builtin_tgmath(name##f, name, name##l, __VA_ARGS__)
#define __tg_both(r, c, ...) __builtin_tgmath(r##f, r, r##l, c##f, c, c##l, __VA_ARGS__)
#define __tg_complex(name, x) __builtin_tgmath(name##f, name, name##l, x)

/* Real or complex, as the arguments are. */
#define acos(x) __tg_both(acos, cacos, x)
#define asin(x) __tg_both(asin, casin, x)
#define atan(x) __tg_both(atan, catan, x)
#define acosh(x) __tg_both(acosh, cacosh, x)
#define asinh(x) __tg_both(asinh, casinh, x)
#define atanh(x) __tg_both(atanh, catanh, x)
#define cos(x) __tg_both(cos, ccos, x)
#define sin(x) __tg_both(sin, csin, x)
#define tan(x) __tg_both(tan, ctan, x)
#define cosh(x) __tg_both(cosh, ccosh, x)
#define sinh(x) __tg_both(sinh, csinh, x)
#define tanh(x) __tg_both(tanh, ctanh, x)
#define exp(x) __tg_both(exp, cexp, x)
#define log(x) __tg_both(log, clog, x)
#define pow(x, y) __tg_both(pow, cpow, x, y)
#define sqrt(x) __tg_both(sqrt, csqrt, x)
#define fabs(x) __tg_both(fabs, cabs, x)

/* Real only. */
#define atan2(x, y) __tg_real(atan2, x, y)
#define cbrt(x) __tg_real(cbrt, x)
#define ceil(x) __tg_real(ceil, x)
#define copysign(x, y) __tg_real(copysign, x, y)
#define erf(x) __tg_real(erf, x)
#define erfc(x) __tg_real(erfc, x)
#define exp2(x) __tg_real(exp2, x)
#define expm1(x) __tg_real(expm1, x)
#define fdim(x, y) __tg_real(fdim, x, y)
#define floor(x) __tg_real(floor, x)
#define fma(x, y, z) __tg_real(fma, x, y, z)
#define fmax(x, y) __tg_real(fmax, x, y)
#define fmin(x, y) __tg_real(fmin, x, y)
#define fmod(x, y) __tg_real(fmod, x, y)
#define frexp(x, y) __tg_real(frexp, x, y)
#define hypot(x, y) __tg_real(hypot, x, y)
#define ilogb(x) __tg_real(ilogb, x)
#define ldexp(x, y) __tg_real(ldexp, x, y)
#define lgamma(x) __tg_real(lgamma, x)
#define llrint(x) __tg_real(llrint, x)
#define llround(x) __tg_real(llround, x)
#define log10(x) __tg_real(log10, x)
#define log1p(x) __tg_real(log1p, x)
#define log2(x) __tg_real(log2, x)
#define logb(x) __tg_real(logb, x)
#define lrint(x) __tg_real(lrint, x)
#define lround(x) __tg_real(lround, x)
#define nearbyint(x) __tg_real(nearbyint, x)
#define nextafter(x, y) __tg_real(nextafter, x, y)
#define nexttoward(x, y) __tg_real(nexttoward, x, y)
#define remainder(x, y) __tg_real(remainder, x, y)
#define remquo(x, y, z) __tg_real(remquo, x, y, z)
#define rint(x) __tg_real(rint, x)
#define round(x) __tg_real(round, x)
#define scalbn(x, y) __tg_real(scalbn, x, y)
#define scalbln(x, y) __tg_real(scalbln, x, y)
#define tgamma(x) __tg_real(tgamma, x)
#define trunc(x) __tg_real(trunc, x)

/* Complex only. */
#define carg(x) __tg_complex(carg, x)
#define cimag(x) __tg_complex(cimag, x)
#define conj(x) __tg_complex(conj, x)
#define cproj(x) __tg_complex(cproj, x)
#define creal(x) __tg_complex(creal, x)

#endif
