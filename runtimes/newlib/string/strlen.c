/* strlen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "strlen.c"
#define KEY(x, none) ((void)none, x)
#include "both.h"

size_t strlen(const char *s) { return has_avx2() ? length_wide(s) : length_narrow(s); }

#else
#include "find.h"

TARGET static size_t NAME(length)(const char *s) { return (size_t)(NAME(find)(s, ZERO) - s); }
#endif
