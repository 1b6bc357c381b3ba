/* poll and select over the standard streams: output never blocks, waiting for input cannot be asked for yet; what is
   left to wait for is signals. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/select.h>
#include <time.h>

#include "blocking.h"
#include "port.h"

enum { MS_PER_S = 1000, NS_PER_MS = 1000000, NS_PER_US = 1000, NS_PER_S = 1000000000 };

/* What of `events` holds for a descriptor, or -ENOSYS for the one question without an answer. */
static int state(int fd, int events) {
  if (fd < 0)
    return 0;
  if (!is_console(fd))
    return POLLNVAL;
  if (fd == STDIN && events & (POLLIN | POLLRDNORM))
    return -ENOSYS;
  return fd == STDIN ? 0 : events & (POLLOUT | POLLWRNORM);
}

/* Nothing is ready: wait with `mask` (NULL: the thread's own) until the time is over or a handler has run. */
static int wait_in_vain(const struct timespec *timeout, const sigset_t *mask) {
  sigset_t own;
  if (mask == NULL) {
    sys_sigprocmask(SIG_SETMASK, NULL, &own);
    mask = &own;
  }
  return (int)result(blocking((hermit_call)sys_sigsleep, (long)mask, (long)timeout, 0, 0));
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
  int ready = 0;
  pthread_testcancel();
  if (count > OPEN_MAX)
    return fails(EINVAL);
  for (nfds_t i = 0; i < count; i++) {
    int now = state(fds[i].fd, fds[i].events);
    if (now < 0)
      return result(now);
    fds[i].revents = (short)now;
    ready += now != 0;
  }
  return ready ? ready : wait_in_vain(timeout, mask);
}

int poll(struct pollfd *fds, nfds_t count, int timeout) {
  struct timespec time = {timeout / MS_PER_S, (long)(timeout % MS_PER_S) * NS_PER_MS};
  return ppoll(fds, count, timeout < 0 ? NULL : &time, NULL);
}

/* Keep in `set` the descriptors that are ready; their number, or a negative errno. */
static int sift(fd_set *set, int count, int events) {
  int ready = 0;
  for (int fd = 0; set && fd < count; fd++) {
    if (!FD_ISSET(fd, set))
      continue;
    int now = state(fd, events);
    if (now < 0 || now == POLLNVAL)
      return now < 0 ? now : -EBADF;
    if (now)
      ready++;
    else
      FD_CLR(fd, set);
  }
  return ready;
}

int pselect(int count, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout, const sigset_t *mask) {
  pthread_testcancel();
  if (count < 0 || count > FD_SETSIZE || (timeout && (timeout->tv_nsec < 0 || timeout->tv_nsec >= NS_PER_S)))
    return fails(EINVAL);
  int readable = sift(in, count, POLLIN), writable = sift(out, count, POLLOUT), special = sift(except, count, 0);
  if (readable < 0 || writable < 0 || special < 0)
    return result(readable < 0 ? readable : writable < 0 ? writable : special);
  return readable + writable ? readable + writable : wait_in_vain(timeout, mask);
}

int select(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout) {
  if (timeout == NULL)
    return pselect(count, in, out, except, NULL, NULL);
  struct timespec time = {timeout->tv_sec, timeout->tv_usec * NS_PER_US};
  return pselect(count, in, out, except, &time, NULL);
}
