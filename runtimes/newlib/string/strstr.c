/* strstr: places of the first two bytes by vectors; where too many of them lead to nothing, memmem, which is linear. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

/* Bytes that may be compared in vain, beside as many as were searched. */
enum { PATIENCE = 256 };

/* How many bytes of the needle's are the same in s, which may end before. */
static size_t same_bytes(const char *s, const char *needle) {
  size_t i = 0;
  while (needle[i] && s[i] == needle[i])
    i++;
  return i;
}

#define BODY "strstr.c"
#include "both.h"

char *strstr(const char *s, const char *needle) {
  if (needle[0] == 0)
    return (char *)s;
  if (needle[1] == 0)
    return strchr(s, needle[0]);
  return has_avx2() ? within_wide(s, needle) : within_narrow(s, needle);
}

#else

/* Bit i: the needle's first two bytes stand at s + i, or a zero does. */
TARGET static inline uint32_t NAME(hints)(const char *s, VECTOR first, VECTOR second) {
  char bytes[WIDTH + 1] = {0};
  if (crosses(s, WIDTH + 1)) {
    for (int i = 0; i <= WIDTH && s[i]; i++)
      bytes[i] = s[i];
    s = bytes;
  }
  VECTOR x = LOADU(s);
  KEEP(x);
  return MASK(OR(AND(EQUAL(x, first), EQUAL(LOADU(s + 1), second)), EQUAL(x, ZERO)));
}

TARGET static char *NAME(within)(const char *s, const char *needle) {
  const VECTOR first = SPLAT(needle[0]), second = SPLAT(needle[1]);
  size_t patience = PATIENCE;
  for (;; s += WIDTH, patience += WIDTH) {
    while (!crosses(s, 2 * WIDTH + 1)) {
      VECTOR x = LOADU(s), y = LOADU(s + WIDTH);
      VECTOR one = AND(EQUAL(x, first), EQUAL(LOADU(s + 1), second));
      VECTOR other = AND(EQUAL(y, first), EQUAL(LOADU(s + WIDTH + 1), second));
      if (MASK(OR(OR(one, other), EQUAL(LEAST(x, y), ZERO))))
        break;
      s += 2 * WIDTH, patience += 2 * WIDTH;
    }
    for (uint32_t found = NAME(hints)(s, first, second); found; found &= found - 1) {
      const char *place = s + __builtin_ctz(found);
      if (*place == 0)
        return NULL;
      size_t same = 2 + same_bytes(place + 2, needle + 2);
      if (needle[same] == 0)
        return (char *)place;
      if (same > patience)
        return memmem(place, strlen(place), needle, strlen(needle));
      patience -= same;
    }
  }
}
#endif
