/* Pipes, pairs of sockets, counters, and locks of whole files. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "blocking.h"
#include "port.h"

int pipe2(int fds[2], int flags) { return result(sys_pipe(fds, flags)); }

int pipe(int fds[2]) { return pipe2(fds, 0); }

/* AF_UNIX streams, which need no names. */
int socketpair(int family, int type, int protocol, int *fds) {
  int flags = (type & SOCK_CLOEXEC ? O_CLOEXEC : 0) | (type & SOCK_NONBLOCK ? O_NONBLOCK : 0);
  if (family != AF_UNIX)
    return fails(EAFNOSUPPORT);
  if ((type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) != SOCK_STREAM || protocol != 0)
    return fails(EPROTONOSUPPORT);
  return result(sys_socketpair(fds, flags));
}

int eventfd(unsigned int value, int flags) { return result(sys_eventfd(value, flags)); }

int eventfd_read(int fd, eventfd_t *value) { return read(fd, value, sizeof *value) == sizeof *value ? 0 : -1; }

int eventfd_write(int fd, eventfd_t value) { return write(fd, &value, sizeof value) == sizeof value ? 0 : -1; }

int flock(int fd, int how) { return result(blocking((hermit_call)sys_flock, fd, how, 0, 0)); }
