/* The search that strlen, strchr and others share: the first byte whose KEY(vector, sought) is 0. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* Included by both.h's BODY, which defines KEY, and, for other than one vector that is sought, SOUGHT and the name FIND.
   A short string is found in the first, unaligned vector, wherever it begins: no branch depends on its length. */
#ifndef FIND
#define FIND NAME(find)
#define SOUGHT VECTOR
#endif

/* There is one; nothing behind its page is read. */
TARGET static inline __attribute__((always_inline)) const char *FIND(const char *s, SOUGHT sought) {
  const char *p;
  uint32_t found;
  if (crosses(s, WIDTH)) {
    p = align(s, WIDTH);
    found = ZEROS(KEY(LOAD(p), sought)) >> (s - p);
  } else {
    found = ZEROS(KEY(LOADU(s), sought));
  }
  if (likely(found))
    return s + __builtin_ctz(found);
  p = align(s, WIDTH) + WIDTH;
#pragma GCC unroll 5
  for (int i = 0; i < 4; i++, p += WIDTH)
    if ((found = ZEROS(KEY(LOAD(p), sought))))
      return p + __builtin_ctz(found);
  for (p = align(p, 4 * WIDTH);; p += 4 * WIDTH) {
    VECTOR a = LOAD(p), b = LOAD(p + WIDTH), c = LOAD(p + 2 * WIDTH), d = LOAD(p + 3 * WIDTH);
    KEEP(a);
    KEEP(b);
    KEEP(c);
    KEEP(d);
    a = KEY(a, sought), b = KEY(b, sought), c = KEY(c, sought), d = KEY(d, sought);
    if (ZEROS(LEAST(LEAST(a, b), LEAST(c, d)))) {
      uint64_t low = ZEROS(a) | (uint64_t)ZEROS(b) << WIDTH, high = ZEROS(c) | (uint64_t)ZEROS(d) << WIDTH;
      return low ? p + __builtin_ctzll(low) : p + 2 * WIDTH + __builtin_ctzll(high);
    }
  }
}
