/* strncasecmp. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <strings.h>

#include "fold.h"
#define BODY "strncasecmp.c"
#define LIMITED 1
#include "both.h"

int strncasecmp(const char *a, const char *b, size_t n) {
  return has_avx2() ? order_of_wide(a, b, n) : order_of_narrow(a, b, n);
}

#else
#include "compare.h"

TARGET static int NAME(order_of)(const char *a, const char *b, size_t n) { return NAME(compare)(a, b, n); }
#endif
