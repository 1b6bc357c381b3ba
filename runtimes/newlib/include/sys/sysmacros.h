/* The parts of a device number. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_SYSMACROS_H
#define _SYS_SYSMACROS_H

#include <sys/types.h>

#define major(device) ((unsigned)(((device) >> 8) & 0xff))
#define minor(device) ((unsigned)((device) & 0xff))
#define makedev(major, minor) ((dev_t)(((unsigned)(major) & 0xff) << 8 | ((unsigned)(minor) & 0xff)))

#endif
