/* strncat. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

char *strncat(char *restrict to, const char *restrict s, size_t n) {
  char *end = to + strlen(to);
  size_t length = strnlen(s, n);
  memcpy(end, s, length);
  end[length] = 0;
  return to;
}
