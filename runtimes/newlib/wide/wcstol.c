/* Whole numbers from wide text. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <wchar.h>
#include <wctype.h>

#define CHARACTER wchar_t
#define IS_SPACE(sign) (iswspace((wint_t)sign))
#define NAME(name) wide_##name
#include "../stdlib/integer.h"

CONVERTS(long, wcstol, whole)
CONVERTS(unsigned long, wcstoul, natural)
CONVERTS(long long, wcstoll, whole)
CONVERTS(unsigned long long, wcstoull, natural)
CONVERTS(intmax_t, wcstoimax, whole)
CONVERTS(uintmax_t, wcstoumax, natural)
WITH_STATE(long, _wcstol_r, whole)
WITH_STATE(unsigned long, _wcstoul_r, natural)
WITH_STATE(long long, _wcstoll_r, whole)
WITH_STATE(unsigned long long, _wcstoull_r, natural)
WITH_LOCALE(long, wcstol_l, whole)
WITH_LOCALE(unsigned long, wcstoul_l, natural)
WITH_LOCALE(long long, wcstoll_l, whole)
WITH_LOCALE(unsigned long long, wcstoull_l, natural)
WITH_LOCALE(intmax_t, wcstoimax_l, whole)
WITH_LOCALE(uintmax_t, wcstoumax_l, natural)
