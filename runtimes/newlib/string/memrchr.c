/* memrchr: from the end on, by whole aligned vectors. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "memrchr.c"
#include "both.h"

void *memrchr(const void *memory, int byte, size_t n) {
  if (n == 0)
    return NULL;
  return (void *)(has_avx2() ? last_wide(memory, byte, n) : last_narrow(memory, byte, n));
}

#else
TARGET static const char *NAME(last)(const char *s, int byte, size_t n) {
  const VECTOR sought = SPLAT(byte);
  const char *end = s + n, *p = align(end - 1, WIDTH);
  uint32_t found = MASK(EQUAL(LOAD(p), sought)) & FULL >> (WIDTH - (end - p));
  while (!found && p > s)
    found = MASK(EQUAL(LOAD(p -= WIDTH), sought));
  if (!found)
    return NULL;
  p += 31 - __builtin_clz(found);
  return p >= s ? p : NULL;
}
#endif
