/* strchrnul. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "strchrnul.c"
#define KEY(x, sought) LEAST(x, XOR(x, sought))
#include "both.h"

char *strchrnul(const char *s, int byte) {
  return (char *)(has_avx2() ? first_wide(s, byte) : first_narrow(s, byte));
}

#else
#include "find.h"

TARGET static const char *NAME(first)(const char *s, int byte) { return NAME(find)(s, SPLAT(byte)); }
#endif
