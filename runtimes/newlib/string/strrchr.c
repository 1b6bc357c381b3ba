/* strrchr and rindex: a short string by a few vectors, a long one from its end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>
#include <strings.h>

#include "vector.h"

/* Of a string that may end with its page. */
static __attribute__((noinline)) char *last_slowly(const char *s, int byte) { return memrchr(s, byte, strlen(s) + 1); }

#define BODY "strrchr.c"
#include "both.h"

char *strrchr(const char *s, int byte) { return has_avx2() ? last_wide(s, byte) : last_narrow(s, byte); }

char *rindex(const char *, int) __attribute__((weak, alias("strrchr")));

#else
/* Behind the first bytes, before p, whose last match is `found`. */
TARGET static __attribute__((noinline)) char *NAME(last_on)(const char *p, int byte, char *found) {
  const VECTOR sought = SPLAT(byte);
  const char *before = NULL;
  uint32_t earlier = 0;
#pragma GCC unroll 4
  for (int i = 0; i < 4; i++, p += WIDTH) {
    VECTOR x = LOAD(p);
    uint32_t end = ZEROS(x), here = MASK(EQUAL(x, sought));
    if (end) {
      here &= end ^ (end - 1);
      if (here)
        earlier = here, before = p;
      return earlier ? (char *)before + 31 - __builtin_clz(earlier) : found;
    }
    if (here)
      earlier = here, before = p;
  }
  if (earlier)
    found = (char *)before + 31 - __builtin_clz(earlier);
  char *last = memrchr(p, byte, strlen(p) + 1);
  return last ? last : found;
}

TARGET static char *NAME(last)(const char *s, int byte) {
  if (crosses(s, WIDTH))
    return last_slowly(s, byte);
  VECTOR x = LOADU(s);
  uint32_t end = ZEROS(x), found = MASK(EQUAL(x, SPLAT(byte)));
  if (likely(end))
    found &= end ^ (end - 1); /* up to and with the lowest bit of `end` */
  char *place = found ? (char *)s + 31 - __builtin_clz(found) : NULL;
  return likely(end) ? place : NAME(last_on)(align(s, WIDTH) + WIDTH, byte, place);
}
#endif
