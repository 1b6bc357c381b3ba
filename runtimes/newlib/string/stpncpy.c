/* stpncpy: strncpy's source, another result. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define FUNCTION stpncpy
#define RESULT(to, end) (end)
#include "strncpy.c"
