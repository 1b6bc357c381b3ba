/* strncpy and, by another RESULT, stpncpy. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#include "vector.h"

#ifndef RESULT
#define FUNCTION strncpy
#define RESULT(to, end) (to)
#endif

/* What remains of n bytes behind the string's is zeroed. */
static __attribute__((noinline)) char *pad(char *to, size_t length, size_t n) {
  memset(to + length, 0, n - length);
  return RESULT(to, to + length);
}

/* Of a string near a page's end, of a long one or of nothing. */
static __attribute__((noinline)) char *copy_slowly(char *restrict to, const char *restrict s, size_t n) {
  size_t length = strnlen(s, n);
  memcpy(to, s, length);
  return pad(to, length, n);
}

#define BODY "strncpy.c"
#include "both.h"

char *FUNCTION(char *restrict to, const char *restrict s, size_t n) {
  return has_avx2() ? copy_wide(to, s, n) : copy_narrow(to, s, n);
}

#else
TARGET static char *NAME(copy)(char *restrict to, const char *restrict s, size_t n) {
  if (crosses(s, WIDTH) || n == 0)
    return copy_slowly(to, s, n);
  VECTOR x = LOADU(s);
  uint64_t ends = ZEROS(x) | (uint64_t)1 << (n < WIDTH ? n : WIDTH);
  size_t length = (size_t)__builtin_ctzll(ends);
  if (length < WIDTH) {
    if (length)
      copy_short(to, s, length);
  } else {
    STOREU(to, x);
    /* aligned from now on; the last vector is taken such that it ends with the string */
    const char *p = align(s, WIDTH) + WIDTH;
    size_t at = 0;
    for (int i = 0; p < s + n; p += WIDTH, i++) {
      if (i == 4)
        return copy_slowly(to, s, n);
      size_t left = (size_t)(s + n - p);
      x = LOAD(p);
      ends = ZEROS(x) | (uint64_t)1 << (left < WIDTH ? left : WIDTH);
      if ((at = (size_t)__builtin_ctzll(ends)) < WIDTH)
        break;
      STOREU(to + (p - s), x);
    }
    if (p >= s + n)
      p = s + n, at = 0;
    length = (size_t)(p - s) + at;
    STOREU(to + length - WIDTH, LOADU(s + length - WIDTH));
  }
  if (n - length > 1)
    return pad(to, length, n);
  if (n != length)
    to[length] = 0;
  return RESULT(to, to + length);
}
#endif
