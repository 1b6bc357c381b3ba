/* strcasecmp. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <strings.h>

#include "fold.h"
#define BODY "strcasecmp.c"
#define LIMITED 0
#include "both.h"

int strcasecmp(const char *a, const char *b) { return has_avx2() ? order_of_wide(a, b) : order_of_narrow(a, b); }

#else
#include "compare.h"

TARGET static int NAME(order_of)(const char *a, const char *b) { return NAME(compare)(a, b, SIZE_MAX); }
#endif
