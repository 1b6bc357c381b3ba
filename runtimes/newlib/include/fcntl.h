/* newlib's <sys/fcntl.h>, and the other names of its flags. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _FCNTL_H
#define _FCNTL_H

#include <sys/fcntl.h>

#define O_NDELAY O_NONBLOCK
#define O_DSYNC O_SYNC
#define O_RSYNC O_SYNC

#endif
