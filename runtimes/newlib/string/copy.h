/* The copy that strcpy and stpcpy share; RESULT(to, end) is what they return. */
/* SPDX-License-Identifier: BSD-3-Clause */

/* Of a string that may end with its page. */
TARGET static __attribute__((noinline)) char *NAME(copy_slowly)(char *restrict to, const char *restrict s) {
  size_t length = strlen(s);
  memcpy(to, s, length + 1);
  return RESULT(to, to + length);
}

/* The string at s with its end goes to `to`. */
TARGET static char *NAME(copy)(char *restrict to, const char *restrict s) {
  const char *p;
  uint32_t end;
  if (crosses(s, WIDTH))
    return NAME(copy_slowly)(to, s);
  VECTOR x = LOADU(s);
  if (likely(end = ZEROS(x))) {
    size_t length = (size_t)__builtin_ctz(end);
    copy_short(to, s, length + 1);
    return RESULT(to, to + length);
  }
  STOREU(to, x);
  /* aligned from now on; the last vector is taken such that it ends with the string */
  for (p = align(s, WIDTH) + WIDTH; (uintptr_t)p % (4 * WIDTH); p += WIDTH) {
    x = LOAD(p);
    if ((end = ZEROS(x)))
      goto last;
    STOREU(to + (p - s), x);
  }
  for (;; p += 4 * WIDTH) {
    VECTOR a = LOAD(p), b = LOAD(p + WIDTH), c = LOAD(p + 2 * WIDTH), d = LOAD(p + 3 * WIDTH);
    if (ZEROS(LEAST(LEAST(a, b), LEAST(c, d))))
      break;
    char *place = to + (p - s);
    STOREU(place, a), STOREU(place + WIDTH, b), STOREU(place + 2 * WIDTH, c), STOREU(place + 3 * WIDTH, d);
  }
  for (; !(end = ZEROS(x = LOAD(p))); p += WIDTH)
    STOREU(to + (p - s), x);
last:
  p += __builtin_ctz(end);
  STOREU(to + (p - s) - (WIDTH - 1), LOADU(p - (WIDTH - 1)));
  return RESULT(to, to + (p - s));
}
