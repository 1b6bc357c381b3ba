/* Linux's other name for it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/statfs.h>
