/* memcmp and bcmp: the first difference. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>
#include <strings.h>

#define BODY "memcmp.c"
#include "both.h"

int memcmp(const void *left, const void *right, size_t n) {
  return has_avx2() ? compare_wide(left, right, n) : compare_narrow(left, right, n);
}

int bcmp(const void *, const void *, size_t) __attribute__((weak, alias("memcmp")));

#else

TARGET static inline VECTOR NAME(same)(const unsigned char *a, const unsigned char *b) {
  return EQUAL(LOADU(a), LOADU(b));
}

TARGET static inline int NAME(order)(const unsigned char *a, const unsigned char *b, uint32_t differ) {
  int at = __builtin_ctz(differ);
  return a[at] - b[at];
}

/* At most one vector, near a page's end. */
TARGET static __attribute__((noinline)) int NAME(compare_bytes)(const unsigned char *a, const unsigned char *b, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (a[i] != b[i])
      return a[i] - b[i];
  return 0;
}

TARGET static int NAME(compare)(const unsigned char *a, const unsigned char *b, size_t n) {
  uint32_t differ;
  if (n - 1 < WIDTH) { /* 1 ... WIDTH */
    /* no branch depends on n, which is hard to foresee */
    if (either_crosses(a, b, WIDTH) && (crosses(a, WIDTH) || crosses(b, WIDTH)))
      return NAME(compare_bytes)(a, b, n);
    differ = (uint32_t)((MASK(NAME(same)(a, b)) ^ FULL) & (((uint64_t)1 << n) - 1));
    return differ ? NAME(order)(a, b, differ) : 0;
  }
  if (n == 0)
    return 0;
  if (n <= 4 * WIDTH) {
    /* from both ends, which may overlap */
    const unsigned char *c = a + n - WIDTH, *d = b + n - WIDTH;
    VECTOR same = AND(NAME(same)(a, b), NAME(same)(c, d));
    if (n > 2 * WIDTH)
      same = AND(same, AND(NAME(same)(a + WIDTH, b + WIDTH), NAME(same)(c - WIDTH, d - WIDTH)));
    if (likely(MASK(same) == FULL))
      return 0;
  }
  for (; n > 4 * WIDTH; a += 4 * WIDTH, b += 4 * WIDTH, n -= 4 * WIDTH) {
    VECTOR low = AND(NAME(same)(a, b), NAME(same)(a + WIDTH, b + WIDTH));
    VECTOR high = AND(NAME(same)(a + 2 * WIDTH, b + 2 * WIDTH), NAME(same)(a + 3 * WIDTH, b + 3 * WIDTH));
    if (MASK(AND(low, high)) != FULL)
      break; /* found again below */
  }
  for (; n > WIDTH; a += WIDTH, b += WIDTH, n -= WIDTH)
    if ((differ = MASK(NAME(same)(a, b)) ^ FULL))
      return NAME(order)(a, b, differ);
  a += n - WIDTH, b += n - WIDTH; /* overlaps what was equal */
  differ = MASK(NAME(same)(a, b)) ^ FULL;
  return differ ? NAME(order)(a, b, differ) : 0;
}
#endif
