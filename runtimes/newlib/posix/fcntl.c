/* newlib's name of fcntl(), which its posix_spawn() calls. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <stdarg.h>

extern int _fcntl(int fd, int command, ...);

int _fcntl(int fd, int command, ...) {
  va_list list;
  va_start(list, command);
  long argument = va_arg(list, long);
  va_end(list);
  return fcntl(fd, command, argument);
}
