/* strnlen. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "strnlen.c"
#include "both.h"

size_t strnlen(const char *s, size_t n) {
  return has_avx2() ? length_wide(s, n) : length_narrow(s, n);
}

#else
#include "find_within.h"

TARGET static size_t NAME(length)(const char *s, size_t n) {
  if (n == 0)
    return 0;
  const char *end = NAME(find_within)(s, ZERO, n);
  return end ? (size_t)(end - s) : n;
}
#endif
