/* strcpy. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "strcpy.c"
#define RESULT(to, end) (to)
#include "both.h"

char *strcpy(char *restrict to, const char *restrict s) { return has_avx2() ? copy_wide(to, s) : copy_narrow(to, s); }

#else
#include "copy.h"
#endif
