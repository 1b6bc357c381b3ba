/* Where glibc keeps its feature macros; here they are in <sys/features.h>. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/features.h>
