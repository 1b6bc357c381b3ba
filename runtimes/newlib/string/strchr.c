/* strchr and index. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>
#include <strings.h>

#define BODY "strchr.c"
#define KEY(x, sought) LEAST(x, XOR(x, sought))
#include "both.h"

char *strchr(const char *s, int byte) { return has_avx2() ? first_wide(s, byte) : first_narrow(s, byte); }

char *index(const char *, int) __attribute__((weak, alias("strchr")));

#else
#include "find.h"

TARGET static char *NAME(first)(const char *s, int byte) {
  const char *found = NAME(find)(s, SPLAT(byte));
  return *found == (char)byte ? (char *)found : NULL;
}
#endif
