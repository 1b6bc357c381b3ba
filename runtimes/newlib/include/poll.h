/* poll(): wait for events on descriptors. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _POLL_H
#define _POLL_H

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_sigset.h>
#include <sys/_timespec.h>

#define POLLIN 0x001
#define POLLPRI 0x002
#define POLLOUT 0x004
#define POLLERR 0x008
#define POLLHUP 0x010
#define POLLNVAL 0x020
#define POLLRDNORM 0x040
#define POLLRDBAND 0x080
#define POLLWRNORM 0x100
#define POLLWRBAND 0x200

typedef unsigned long nfds_t;

struct pollfd {
  int fd;
  short events;
  short revents;
};

__BEGIN_DECLS
int poll(struct pollfd *, nfds_t, int);
#if __GNU_VISIBLE
int ppoll(struct pollfd *, nfds_t, const struct timespec *, const __sigset_t *);
#endif
__END_DECLS

#endif
