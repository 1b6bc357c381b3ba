/* memcmp and bcmp: the first difference, 16 or 32 bytes at a time. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include <strings.h>

#include "vector.h"

static int order(const unsigned char *a, const unsigned char *b, uint32_t differ) {
  int at = __builtin_ctz(differ);
  return a[at] - b[at];
}

static uint64_t load8(const unsigned char *p) {
  uint64_t value;
  __builtin_memcpy(&value, p, sizeof value);
  return __builtin_bswap64(value);
}

static uint32_t load4(const unsigned char *p) {
  uint32_t value;
  __builtin_memcpy(&value, p, sizeof value);
  return __builtin_bswap32(value);
}

static int compare_short(const unsigned char *a, const unsigned char *b, size_t n) {
  uint64_t x, y;
  if (n >= 8) {
    x = load8(a), y = load8(b);
    if (x == y)
      x = load8(a + n - 8), y = load8(b + n - 8);
  } else if (n >= 4) {
    x = (uint64_t)load4(a) << 32 | load4(a + n - 4);
    y = (uint64_t)load4(b) << 32 | load4(b + n - 4);
  } else if (n > 0) {
    /* the first, the middle and the last byte: all there are of one, two or three */
    x = (uint64_t)a[0] << 16 | (uint64_t)a[n / 2] << 8 | a[n - 1];
    y = (uint64_t)b[0] << 16 | (uint64_t)b[n / 2] << 8 | b[n - 1];
  } else {
    return 0;
  }
  return (x > y) - (x < y);
}

WITH_AVX2 static int compare_wide(const unsigned char *a, const unsigned char *b, size_t n) {
  uint32_t differ;
  for (; n > 4 * WIDE; a += 4 * WIDE, b += 4 * WIDE, n -= 4 * WIDE)
    if (differ32(a, b) | differ32(a + WIDE, b + WIDE) | differ32(a + 2 * WIDE, b + 2 * WIDE) |
        differ32(a + 3 * WIDE, b + 3 * WIDE))
      break; /* found again below */
  for (; n > WIDE; a += WIDE, b += WIDE, n -= WIDE)
    if ((differ = differ32(a, b)))
      return order(a, b, differ);
  a += n - WIDE, b += n - WIDE; /* overlaps what was equal */
  differ = differ32(a, b);
  return differ ? order(a, b, differ) : 0;
}

int memcmp(const void *left, const void *right, size_t n) {
  const unsigned char *a = left, *b = right;
  uint32_t differ;
  if (n < NARROW)
    return compare_short(a, b, n);
  if (n >= WIDE && has_avx2())
    return compare_wide(a, b, n);
  for (; n > NARROW; a += NARROW, b += NARROW, n -= NARROW)
    if ((differ = differ16(a, b)))
      return order(a, b, differ);
  a += n - NARROW, b += n - NARROW;
  differ = differ16(a, b);
  return differ ? order(a, b, differ) : 0;
}

int bcmp(const void *left, const void *right, size_t n) { return memcmp(left, right, n); }
