/* Texts that a program may ask of the system. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <string.h>
#include <ulimit.h>
#include <unistd.h>

#include <sys/resource.h>

#include "../port/port.h"

size_t confstr(int name, char *to, size_t size) {
  const char *text = "";
  if (name < 0 || name > _CS_LFS_LINTFLAGS)
    return fails(EINVAL), (size_t)0;
  if (name == _CS_PATH)
    text = "/bin:/usr/bin";
  else if (name == _CS_POSIX_V7_WIDTH_RESTRICTED_ENVS)
    text = "POSIX_V7_LP64_OFF64";
  if (to && size)
    strlcpy(to, text, size);
  return strlen(text) + 1;
}

/* Sizes in blocks of 512 bytes. */
long ulimit(int command, ...) {
  struct rlimit limit;
  if (command != UL_GETFSIZE && command != UL_SETFSIZE)
    return fails(EINVAL);
  if (getrlimit(RLIMIT_FSIZE, &limit) < 0)
    return -1;
  if (command == UL_SETFSIZE) {
    va_list list;
    va_start(list, command);
    long wanted = va_arg(list, long);
    va_end(list);
    if (wanted < 0 || (rlim_t)wanted < limit.rlim_cur / 512)
      return fails(EPERM);
    return wanted;
  }
  return limit.rlim_cur == RLIM_INFINITY ? __LONG_MAX__ : (long)(limit.rlim_cur / 512);
}
