/* poll and select: both are the kernel's poll. Cancellation points. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/select.h>
#include <time.h>

#include "blocking.h"
#include "port.h"

enum { MS_PER_S = 1000, NS_PER_MS = 1000000, NS_PER_US = 1000, US_PER_S = 1000000, FEW = 32 };

/* What select() means by ready to read and to write. */
enum { READABLE = POLLIN | POLLRDNORM | POLLHUP | POLLERR, WRITABLE = POLLOUT | POLLWRNORM | POLLERR };

static int wait_for(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
  return blocking((hermit_call)sys_poll, (long)fds, (long)count, (long)timeout, (long)mask);
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
  return result(wait_for(fds, count, timeout, mask));
}

int poll(struct pollfd *fds, nfds_t count, int timeout) {
  struct timespec time = {timeout / MS_PER_S, (long)(timeout % MS_PER_S) * NS_PER_MS};
  return ppoll(fds, count, timeout < 0 ? NULL : &time, NULL);
}

/* The sets of a select(), any of which may be missing. */
struct sets {
  fd_set *in, *out, *except;
};

static int has(const fd_set *set, int fd) { return set && FD_ISSET(fd, set); }

/* Entries for what is in any of the sets; their number. `fds` may be NULL, to count them. */
static int gather(const struct sets *sets, int count, struct pollfd *fds) {
  int used = 0;
  for (int fd = 0; fd < count; fd++) {
    int wanted = (has(sets->in, fd) ? POLLIN : 0) | (has(sets->out, fd) ? POLLOUT : 0) |
                 (has(sets->except, fd) ? POLLPRI : 0);
    if (wanted == 0)
      continue;
    if (fds)
      fds[used] = (struct pollfd){.fd = fd, .events = (short)wanted};
    used++;
  }
  return used;
}

/* Keeps fd in a set only if it is `ready`; gives 1 if it stays. */
static int keep(fd_set *set, int fd, int ready) {
  if (!has(set, fd))
    return 0;
  if (!ready)
    FD_CLR(fd, set);
  return ready != 0;
}

/* What poll() found, in the sets; how many bits are set, or -EBADF. */
static int scatter(const struct sets *sets, const struct pollfd *fds, int used) {
  int bits = 0;
  for (int i = 0; i < used; i++)
    if (fds[i].revents & POLLNVAL)
      return -EBADF;
  for (int i = 0; i < used; i++) {
    bits += keep(sets->in, fds[i].fd, fds[i].revents & READABLE);
    bits += keep(sets->out, fds[i].fd, fds[i].revents & WRITABLE);
    bits += keep(sets->except, fds[i].fd, fds[i].revents & POLLPRI);
  }
  return bits;
}

/* A cancellation must not lose the list: it is off meanwhile if the list is malloc()'s. */
static int select_long(const struct sets *sets, int used, int count, const struct timespec *timeout, const sigset_t *mask) {
  int state, done;
  struct pollfd *fds = malloc(used * sizeof *fds);
  if (fds == NULL)
    return -ENOMEM;
  gather(sets, count, fds);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  done = wait_for(fds, used, timeout, mask);
  pthread_setcancelstate(state, NULL);
  if (done >= 0)
    done = scatter(sets, fds, used);
  free(fds);
  return done;
}

static int select_sets(const struct sets *sets, int count, const struct timespec *timeout, const sigset_t *mask) {
  struct pollfd fds[FEW];
  int used = gather(sets, count, NULL);
  if (used > FEW)
    return select_long(sets, used, count, timeout, mask);
  gather(sets, count, fds);
  int done = wait_for(fds, used, timeout, mask);
  return done < 0 ? done : scatter(sets, fds, used);
}

int pselect(int count, fd_set *in, fd_set *out, fd_set *except, const struct timespec *timeout, const sigset_t *mask) {
  if (count < 0 || count > OPEN_MAX)
    return fails(EINVAL);
  return result(select_sets(&(struct sets){in, out, except}, count, timeout, mask));
}

int select(int count, fd_set *in, fd_set *out, fd_set *except, struct timeval *timeout) {
  if (timeout == NULL)
    return pselect(count, in, out, except, NULL, NULL);
  if (timeout->tv_usec < 0)
    return fails(EINVAL);
  struct timespec time = {timeout->tv_sec + timeout->tv_usec / US_PER_S, timeout->tv_usec % US_PER_S * NS_PER_US};
  return pselect(count, in, out, except, &time, NULL);
}
