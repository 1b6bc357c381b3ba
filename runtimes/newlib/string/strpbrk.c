/* strpbrk. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

char *strpbrk(const char *s, const char *set) {
  s += strcspn(s, set);
  return *s ? (char *)s : NULL;
}
