/* What libquadmath's configure would find on x86_64-hermit. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#define HAVE_CBRTL 1
#define HAVE_CTYPE_H 1
#define HAVE_ERRNO_H 1
#define HAVE_FEHOLDEXCEPT 1
#define HAVE_FENV_H 1
#define HAVE_FESETENV 1
#define HAVE_FESETROUND 1
#define HAVE_FETESTEXCEPT 1
#define HAVE_FEUPDATEENV 1
#define HAVE_HIDDEN_VISIBILITY 1
#define HAVE_INTTYPES_H 1
#define HAVE_LIMITS_H 1
#define HAVE_LOCALE_H 1
#define HAVE_MATH_H_SIGNGAM 1
#define HAVE_SQRTL 1
#define HAVE_STDINT_H 1
#define HAVE_STDLIB_H 1
#define HAVE_STRINGS_H 1
#define HAVE_STRING_H 1
#define HAVE_STRTOULL 1
#define HAVE_UNISTD_H 1
#define HAVE_WCHAR_H 1
#define HAVE_WCTYPE_H 1
/* The decimal point is the locale's; its other signs are never asked for by libgfortran. */
#define USE_LOCALECONV 1
