/* stpcpy. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef VECTOR
#include <string.h>

#define BODY "stpcpy.c"
#define RESULT(to, end) (end)
#include "both.h"

char *stpcpy(char *restrict to, const char *restrict s) { return has_avx2() ? copy_wide(to, s) : copy_narrow(to, s); }

#else
#include "copy.h"
#endif
