/* strcspn. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "strcspn.c"
#define WANTED 1
#include "both.h"

size_t strcspn(const char *s, const char *set) {
  return (size_t)((has_avx2() ? among_wide(s, set) : among_narrow(s, set)) - s);
}

#else
#include "set.h"
#endif
