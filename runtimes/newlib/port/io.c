/* Reading and writing. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <signal.h>
#include <sys/uio.h>
#include <unistd.h>

#include "blocking.h"
#include "port.h"

_ssize_t _read_r(struct _reent *reent, int fd, void *buffer, size_t length) {
  return result_r(reent, blocking_length((hermit_call)sys_read, fd, (long)buffer, (long)length, 0));
}

/* Nobody reads it any more: SIGPIPE, so that a program which looks at no error ends. */
static ssize_t or_signal(ssize_t done) {
  if (done == -EPIPE)
    raise(SIGPIPE);
  return done;
}

_ssize_t _write_r(struct _reent *reent, int fd, const void *buffer, size_t length) {
  ssize_t done = blocking_length((hermit_call)sys_write, fd, (long)buffer, (long)length, 0);
  return result_r(reent, or_signal(done));
}

ssize_t pread(int fd, void *buffer, size_t length, off_t offset) {
  return result(blocking_length((hermit_call)sys_pread, fd, (long)buffer, (long)length, offset));
}

ssize_t pwrite(int fd, const void *buffer, size_t length, off_t offset) {
  return result(or_signal(blocking_length((hermit_call)sys_pwrite, fd, (long)buffer, (long)length, offset)));
}

ssize_t readv(int fd, const struct iovec *vector, int count) {
  return result(blocking_length((hermit_call)sys_readv, fd, (long)vector, count, 0));
}

ssize_t writev(int fd, const struct iovec *vector, int count) {
  return result(or_signal(blocking_length((hermit_call)sys_writev, fd, (long)vector, count, 0)));
}

ssize_t preadv(int fd, const struct iovec *vector, int count, off_t offset) {
  if (offset < 0)
    return fails(EINVAL);
  return result(blocking_length((hermit_call)sys_preadv, fd, (long)vector, count, offset));
}

ssize_t pwritev(int fd, const struct iovec *vector, int count, off_t offset) {
  if (offset < 0)
    return fails(EINVAL);
  return result(or_signal(blocking_length((hermit_call)sys_pwritev, fd, (long)vector, count, offset)));
}

_off_t _lseek_r(struct _reent *reent, int fd, _off_t offset, int whence) {
  return result_r(reent, sys_lseek(fd, offset, whence));
}

int ftruncate(int fd, off_t length) { return result(sys_ftruncate(fd, length)); }

int fsync(int fd) { return result(blocking((hermit_call)sys_fsync, fd, 0, 0, 0)); }

int fdatasync(int fd) { return fsync(fd); }

void sync(void) {}

int syncfs(int fd) { return result(sys_fsync(fd)); }

/* Give their error numbers instead of setting errno. */
int posix_fallocate(int fd, off_t offset, off_t length) { return -sys_fallocate(fd, offset, length); }

int posix_fadvise(int fd, off_t offset, off_t length, int advice) {
  (void)offset, (void)length;
  int flags = sys_getfl(fd);
  if (flags < 0)
    return -flags;
  return advice < 0 || advice > 5 ? EINVAL : 0;
}
