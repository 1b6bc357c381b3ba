/* Reading and writing: the standard streams of the isle, until there are files. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include "blocking.h"
#include "port.h"

/* stdio's buffer for a stream that is no terminal. */
enum { PIPE_BLOCK = 16384 };

static ssize_t move_in(int fd, void *buffer, size_t length) {
  return blocking_length((hermit_call)sys_read, fd, (long)buffer, (long)length);
}

_ssize_t _read_r(struct _reent *reent, int fd, void *buffer, size_t length) {
  return result_r(reent, move_in(fd, buffer, length));
}

/* Nobody reads it any more: SIGPIPE, so that a program which looks at no error ends. */
static ssize_t write_or_signal(int fd, const void *buffer, size_t length) {
  ssize_t done = blocking_length((hermit_call)sys_write, fd, (long)buffer, (long)length);
  if (done == -EPIPE)
    raise(SIGPIPE);
  return done;
}

_ssize_t _write_r(struct _reent *reent, int fd, const void *buffer, size_t length) {
  return result_r(reent, write_or_signal(fd, buffer, length));
}

int _close_r(struct _reent *reent, int fd) { return result_r(reent, sys_close(fd)); }

int _close(int fd) { return _close_r(_REENT, fd); }

_off_t _lseek_r(struct _reent *reent, int fd, _off_t offset, int whence) {
  (void)offset, (void)whence;
  return result_r(reent, is_console(fd) ? -ESPIPE : -EBADF);
}

int _fstat_r(struct _reent *reent, int fd, struct stat *status) {
  int tty = sys_isatty(fd);
  if (tty < 0)
    return result_r(reent, tty);
  memset(status, 0, sizeof *status);
  status->st_mode = (tty ? S_IFCHR : S_IFIFO) | S_IRUSR | S_IWUSR;
  status->st_nlink = 1;
  status->st_ino = fd + 1;
  status->st_blksize = tty ? 1024 : PIPE_BLOCK;
  return 0;
}

int _isatty_r(struct _reent *reent, int fd) {
  int tty = sys_isatty(fd);
  if (tty == 1)
    return 1;
  reent->_errno = tty < 0 ? -tty : ENOTTY;
  return 0;
}

int _isatty(int fd) { return _isatty_r(_REENT, fd); }

int _fcntl_r(struct _reent *reent, int fd, int command, int argument) {
  (void)argument;
  int tty = sys_isatty(fd);
  if (tty < 0)
    return result_r(reent, tty);
  switch (command) {
  case F_GETFD:
  case F_SETFD:
    return 0; /* there is no exec across which to close it */
  case F_GETFL:
    return fd == STDIN ? O_RDONLY : O_WRONLY;
  case F_SETFL:
    return result_r(reent, argument & O_NONBLOCK ? -ENOSYS : 0);
  case F_DUPFD:
    return result_r(reent, -EMFILE);
  default:
    return result_r(reent, -EINVAL);
  }
}

int _fcntl(int fd, int command, ...) {
  va_list list;
  va_start(list, command);
  int argument = va_arg(list, int);
  va_end(list);
  return _fcntl_r(_REENT, fd, command, argument);
}

int dup(int fd) { return fails(sys_isatty(fd) < 0 ? EBADF : EMFILE); }

int dup2(int fd, int target) {
  if (sys_isatty(fd) < 0 || target < 0 || target >= OPEN_MAX)
    return fails(EBADF);
  return fd == target ? target : fails(ENOSYS);
}

int dup3(int fd, int target, int flags) {
  (void)flags;
  return fd == target ? fails(EINVAL) : dup2(fd, target);
}

int pipe(int fds[2]) {
  (void)fds;
  return fails(ENOSYS);
}

int pipe2(int fds[2], int flags) {
  (void)flags;
  return pipe(fds);
}

/* Total length of a vector, or -EINVAL. */
static ssize_t vector_length(const struct iovec *vector, int count) {
  size_t total = 0;
  if (count < 0 || count > IOV_MAX)
    return -EINVAL;
  for (int i = 0; i < count; i++)
    if (__builtin_add_overflow(total, vector[i].iov_len, &total) || total > SSIZE_MAX)
      return -EINVAL;
  return total;
}

/* The pieces in turn, until one is not done whole; an error counts only where nothing was done before it. */
static ssize_t each(int fd, const struct iovec *vector, int count, ssize_t (*move)(int, void *, size_t)) {
  ssize_t done = 0, total = vector_length(vector, count);
  if (total < 0)
    return result(total);
  for (int i = 0; i < count; i++) {
    ssize_t n = vector[i].iov_len ? move(fd, vector[i].iov_base, vector[i].iov_len) : 0;
    if (n < 0)
      return done ? done : result(n);
    done += n;
    if ((size_t)n < vector[i].iov_len)
      break;
  }
  return done;
}

static ssize_t move_out(int fd, void *buffer, size_t length) { return write_or_signal(fd, buffer, length); }

ssize_t readv(int fd, const struct iovec *vector, int count) { return each(fd, vector, count, move_in); }

ssize_t writev(int fd, const struct iovec *vector, int count) { return each(fd, vector, count, move_out); }

ssize_t pread(int fd, void *buffer, size_t length, off_t offset) {
  (void)buffer, (void)length, (void)offset;
  return fails(is_console(fd) ? ESPIPE : EBADF);
}

ssize_t pwrite(int fd, const void *buffer, size_t length, off_t offset) {
  (void)buffer, (void)length, (void)offset;
  return fails(is_console(fd) ? ESPIPE : EBADF);
}

int fsync(int fd) { return fails(is_console(fd) ? EINVAL : EBADF); }

int fdatasync(int fd) { return fsync(fd); }

void sync(void) {}

int ioctl(int fd, unsigned long request, ...) {
  (void)request;
  return fails(sys_isatty(fd) < 0 ? EBADF : ENOTTY);
}

int tcgetattr(int fd, struct termios *settings) {
  (void)settings;
  return fails(sys_isatty(fd) < 0 ? EBADF : ENOTTY);
}

int tcsetattr(int fd, int when, const struct termios *settings) {
  (void)when, (void)settings;
  return fails(sys_isatty(fd) < 0 ? EBADF : ENOTTY);
}

char *ttyname(int fd) {
  errno = sys_isatty(fd) < 0 ? EBADF : ENOTTY;
  return NULL;
}
