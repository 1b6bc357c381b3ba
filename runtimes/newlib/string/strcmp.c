/* strcmp. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "strcmp.c"
#define LIMITED 0
#define SAME(x, y) EQUAL(x, y)
#define FOLD_BYTE(byte) (byte)
#include "both.h"

int strcmp(const char *a, const char *b) { return has_avx2() ? order_of_wide(a, b) : order_of_narrow(a, b); }

#else
#include "compare.h"

TARGET static int NAME(order_of)(const char *a, const char *b) { return NAME(compare)(a, b, SIZE_MAX); }
#endif
