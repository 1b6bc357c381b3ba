/* memchr. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "memchr.c"
#include "both.h"

void *memchr(const void *memory, int byte, size_t n) {
  return (void *)(has_avx2() ? first_wide(memory, byte, n) : first_narrow(memory, byte, n));
}

#else
#include "find_within.h"

TARGET static const char *NAME(first)(const char *s, int byte, size_t n) {
  return n ? NAME(find_within)(s, SPLAT(byte), n) : NULL;
}
#endif
