/* strspn. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "strspn.c"
#define WANTED 0
#include "both.h"

size_t strspn(const char *s, const char *set) {
  return (size_t)((has_avx2() ? among_wide(s, set) : among_narrow(s, set)) - s);
}

#else
#include "set.h"
#endif
