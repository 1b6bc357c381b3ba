/* The comparison that strcmp, strncmp and strcasecmp share; SAME(x, y) is -1 where bytes are equal, LIMITED: n counts. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* By unaligned vectors; one that would reach into a next page is looked at byte by byte. */

/* 0 where the strings differ or end: there one of x and SAME(x, y) is 0. */
TARGET static inline VECTOR NAME(same)(const unsigned char *a, const unsigned char *b) {
  VECTOR x = LOADU(a);
  KEEP(x);
  return LEAST(x, SAME(x, LOADU(b)));
}

/* Bit i: they differ or end there. No more than n bytes are looked at near a page's end. */
TARGET static inline uint32_t NAME(stops)(const unsigned char *a, const unsigned char *b, size_t n) {
  if (!crosses(a, WIDTH) && !crosses(b, WIDTH))
    return ZEROS(NAME(same)(a, b));
  for (size_t i = 0; i < WIDTH && i < n; i++)
    if (FOLD_BYTE(a[i]) != FOLD_BYTE(b[i]) || a[i] == 0)
      return 1u << i;
  return 0;
}

/* The difference at the lowest bit of `stop`, if that is one of the n bytes that count. */
static inline int NAME(order)(const unsigned char *a, const unsigned char *b, uint32_t stop, size_t n) {
  size_t at = (size_t)__builtin_ctz(stop);
  return !LIMITED || at < n ? FOLD_BYTE(a[at]) - FOLD_BYTE(b[at]) : 0;
}

/* Behind the first vector, which was equal: `a` aligned, up to four vectors at a time. */
TARGET static __attribute__((noinline)) int NAME(compare_on)(const unsigned char *a, const unsigned char *b, size_t n) {
  uint32_t stop;
  if (!either_crosses(a, b, 4 * WIDTH)) {
#pragma GCC unroll 3
    for (int i = 1; i < 4; i++) {
      if ((stop = ZEROS(NAME(same)(a + i * WIDTH, b + i * WIDTH))))
        return NAME(order)(a + i * WIDTH, b + i * WIDTH, stop, n - i * WIDTH);
      if (LIMITED && n - i * WIDTH <= WIDTH)
        return 0;
    }
    a += 3 * WIDTH, b += 3 * WIDTH, n -= 3 * WIDTH;
  }
  size_t step = WIDTH - (uintptr_t)a % WIDTH;
  for (a += step, b += step, n -= step;;) {
    for (; (!LIMITED || n > 4 * WIDTH) && !either_crosses(a, b, 4 * WIDTH); n -= 4 * WIDTH) {
      VECTOR k = NAME(same)(a, b), l = NAME(same)(a + WIDTH, b + WIDTH);
      VECTOR m = NAME(same)(a + 2 * WIDTH, b + 2 * WIDTH), o = NAME(same)(a + 3 * WIDTH, b + 3 * WIDTH);
      if (ZEROS(LEAST(LEAST(k, l), LEAST(m, o)))) {
        uint64_t low = ZEROS(k) | (uint64_t)ZEROS(l) << WIDTH, high = ZEROS(m) | (uint64_t)ZEROS(o) << WIDTH;
        int at = low ? __builtin_ctzll(low) : 2 * WIDTH + __builtin_ctzll(high);
        return FOLD_BYTE(a[at]) - FOLD_BYTE(b[at]);
      }
      a += 4 * WIDTH, b += 4 * WIDTH;
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
      stop = crosses(b, WIDTH) ? NAME(stops)(a, b, n) : ZEROS(NAME(same)(a, b));
      if (stop)
        return NAME(order)(a, b, stop, n);
      if (LIMITED && n <= WIDTH)
        return 0;
      a += WIDTH, b += WIDTH, n -= WIDTH;
    }
  }
}

/* Both are read no further than their first difference, their end or, where LIMITED, n bytes, up to that page's end. */
TARGET static inline __attribute__((always_inline)) int NAME(compare)(const char *left, const char *right, size_t n) {
  const unsigned char *a = (const unsigned char *)left, *b = (const unsigned char *)right;
  if (LIMITED && n == 0)
    return 0;
  uint32_t stop = either_crosses(a, b, WIDTH) ? NAME(stops)(a, b, n) : ZEROS(NAME(same)(a, b));
  if (likely(stop))
    return NAME(order)(a, b, stop, n);
  if (LIMITED && n <= WIDTH)
    return 0;
  return NAME(compare_on)(a, b, n);
}
