/* Whole numbers from text. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <inttypes.h>
#include <stdlib.h>

#define CHARACTER char
#define IS_SPACE(sign) (sign == ' ' || (sign >= '\t' && sign <= '\r'))
#define NAME(name) bytes_##name
#include "integer.h"

CONVERTS(long, strtol, whole)
CONVERTS(unsigned long, strtoul, natural)
CONVERTS(long long, strtoll, whole)
CONVERTS(unsigned long long, strtoull, natural)
CONVERTS(intmax_t, strtoimax, whole)
CONVERTS(uintmax_t, strtoumax, natural)
WITH_STATE(long, _strtol_r, whole)
WITH_STATE(unsigned long, _strtoul_r, natural)
WITH_STATE(long long, _strtoll_r, whole)
WITH_STATE(unsigned long long, _strtoull_r, natural)
WITH_LOCALE(long, strtol_l, whole)
WITH_LOCALE(unsigned long, strtoul_l, natural)
WITH_LOCALE(long long, strtoll_l, whole)
WITH_LOCALE(unsigned long long, strtoull_l, natural)
WITH_LOCALE(intmax_t, strtoimax_l, whole)
WITH_LOCALE(uintmax_t, strtoumax_l, natural)
