/* rawmemchr: a byte that is known to be there. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "rawmemchr.c"
#define KEY(x, sought) XOR(x, sought)
#include "both.h"

void *rawmemchr(const void *memory, int byte) {
  return (void *)(has_avx2() ? first_wide(memory, byte) : first_narrow(memory, byte));
}

#else
#include "find.h"

TARGET static const char *NAME(first)(const char *s, int byte) { return NAME(find)(s, SPLAT(byte)); }
#endif
