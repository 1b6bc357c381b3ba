/* What the files of the port share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PORT_H
#define PORT_H

#include <errno.h>
#include <reent.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <hermit/syscalls.h>

/* A system call's result as POSIX wants it: negative values are errno of our own thread. */
static inline long result(long value) {
  if (value >= 0)
    return value;
  errno = (int)-value;
  return -1;
}

/* The same where newlib has the thread's state at hand. */
static inline long result_r(struct _reent *reent, long value) {
  if (value >= 0)
    return value;
  reent->_errno = (int)-value;
  return -1;
}

static inline int fails(int error) {
  errno = error;
  return -1;
}

#endif
