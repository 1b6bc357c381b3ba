/* free's old name, apart: programs have functions of their own by it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <malloc.h>

void cfree(void *block) { free(block); }
