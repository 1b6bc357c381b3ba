/* Descriptors: duplicates, flags, locks, terminals. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "blocking.h"
#include "port.h"

int _close_r(struct _reent *reent, int fd) { return result_r(reent, sys_close(fd)); }

int _close(int fd) { return _close_r(_REENT, fd); }

int dup(int fd) { return result(sys_dup(fd)); }

int dup2(int fd, int target) { return result(sys_dup2(fd, target)); }

int dup3(int fd, int target, int flags) { return result(sys_dup3(fd, target, flags)); }

/* Record locks are the process's, and there is only one: none ever conflicts. What is asked for must make sense. */
static int record_lock(int fd, int command, struct flock *lock) {
  int flags = sys_getfl(fd), access = flags & O_ACCMODE;
  if (flags < 0)
    return flags;
  if (lock->l_whence < SEEK_SET || lock->l_whence > SEEK_END || lock->l_type < F_RDLCK || lock->l_type > F_UNLCK)
    return -EINVAL;
  if (command == F_GETLK) {
    lock->l_type = F_UNLCK;
    return 0;
  }
  if ((lock->l_type == F_RDLCK && access == O_WRONLY) || (lock->l_type == F_WRLCK && access == O_RDONLY))
    return -EBADF;
  return lock->l_whence == SEEK_SET && (lock->l_start < 0 || lock->l_start + lock->l_len < 0) ? -EINVAL : 0;
}

static int control(int fd, int command, long argument) {
  switch (command) {
  case F_DUPFD:
  case F_DUPFD_CLOEXEC:
    return sys_dupfrom(fd, (int)argument, command == F_DUPFD_CLOEXEC);
  case F_GETFD:
    return sys_getfd(fd);
  case F_SETFD:
    return sys_setfd(fd, (int)argument);
  case F_GETFL:
    return sys_getfl(fd);
  case F_SETFL:
    return sys_setfl(fd, (int)argument);
  case F_GETLK:
  case F_SETLK:
  case F_SETLKW:
    return record_lock(fd, command, (struct flock *)argument);
  case F_GETOWN:
  case F_SETOWN:
    return sys_getfd(fd) < 0 ? -EBADF : 0; /* nobody but the program could be told */
  default:
    return sys_getfd(fd) < 0 ? -EBADF : -EINVAL;
  }
}

int fcntl(int fd, int command, ...) {
  va_list list;
  va_start(list, command);
  long argument = va_arg(list, long);
  va_end(list);
  return result(control(fd, command, argument));
}

int _fcntl_r(struct _reent *reent, int fd, int command, int argument) {
  return result_r(reent, control(fd, command, argument));
}

int lockf(int fd, int command, off_t length) {
  int flags = sys_getfl(fd);
  if (flags < 0)
    return fails(EBADF);
  if (command < F_ULOCK || command > F_TEST)
    return fails(EINVAL);
  if ((command == F_LOCK || command == F_TLOCK) && (flags & O_ACCMODE) == O_RDONLY)
    return fails(EBADF);
  off_t place = sys_lseek(fd, 0, SEEK_CUR);
  return place >= 0 && place + length < 0 ? fails(EINVAL) : 0;
}

int _isatty_r(struct _reent *reent, int fd) {
  int tty = sys_isatty(fd);
  if (tty == 1)
    return 1;
  reent->_errno = tty < 0 ? -tty : ENOTTY;
  return 0;
}

int _isatty(int fd) { return _isatty_r(_REENT, fd); }

static int set_nonblock(int fd, int on) {
  int flags = sys_getfl(fd);
  return flags < 0 ? flags : sys_setfl(fd, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int ioctl(int fd, unsigned long request, ...) {
  va_list list;
  va_start(list, request);
  void *argument = va_arg(list, void *);
  int *number = argument;
  va_end(list);
  int64_t unread;
  int tty;
  switch (request) {
  case FIONREAD:
    if ((unread = sys_unread(fd)) < 0)
      return result(unread);
    *number = (int)unread;
    return 0;
  case FIONBIO:
    return result(set_nonblock(fd, *number));
  case FIOCLEX:
  case FIONCLEX:
    return result(sys_setfd(fd, request == FIOCLEX));
  case TIOCGWINSZ: /* the host's terminal has a size, but nobody has told */
    if ((tty = sys_isatty(fd)) != 1)
      return fails(tty < 0 ? EBADF : ENOTTY);
    *(struct winsize *)argument = (struct winsize){0};
    return 0;
  default:
    return fails(sys_getfd(fd) < 0 ? EBADF : ENOTTY);
  }
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
  static char name[] = "/dev/tty";
  int tty = sys_isatty(fd);
  if (tty == 1)
    return name;
  errno = tty < 0 ? EBADF : ENOTTY;
  return NULL;
}

void closefrom(int first) {
  for (int fd = first < 0 ? 0 : first; fd < OPEN_MAX; fd++)
    sys_close(fd);
}
