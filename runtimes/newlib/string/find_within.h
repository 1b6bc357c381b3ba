/* The search of memchr and strnlen: the first byte of n that equals one, as find.h does it. */
/* SPDX-License-Identifier: BSD-3-Clause */

/* NULL if none of the n bytes at s is the one; n is not 0. No page is read in which none of them lies. */
TARGET static inline const char *NAME(find_within)(const char *s, VECTOR sought, size_t n) {
  const char *p;
  uint32_t found;
  if (crosses(s, WIDTH)) {
    p = align(s, WIDTH);
    found = MASK(EQUAL(LOAD(p), sought)) >> (s - p);
  } else {
    found = MASK(EQUAL(LOADU(s), sought));
  }
  if (likely(found))
    return (size_t)__builtin_ctz(found) < n ? s + __builtin_ctz(found) : NULL;
  const char *end = end_of(s, n);
  p = align(s, WIDTH) + WIDTH;
#pragma GCC unroll 5
  for (int i = 0; i < 4; i++, p += WIDTH) {
    if (p >= end)
      return NULL;
    if ((found = MASK(EQUAL(LOAD(p), sought))))
      goto last;
  }
  p = align(p, 4 * WIDTH);
  for (; p < end && (size_t)(end - p) >= 4 * WIDTH; p += 4 * WIDTH) {
    VECTOR low = OR(EQUAL(LOAD(p), sought), EQUAL(LOAD(p + WIDTH), sought));
    VECTOR high = OR(EQUAL(LOAD(p + 2 * WIDTH), sought), EQUAL(LOAD(p + 3 * WIDTH), sought));
    if (MASK(OR(low, high)))
      break;
  }
  for (; p < end; p += WIDTH)
    if ((found = MASK(EQUAL(LOAD(p), sought))))
      goto last;
  return NULL;
last:
  p += __builtin_ctz(found);
  return p < end ? p : NULL;
}
