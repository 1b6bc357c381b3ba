/* Shared memory objects: files of /dev/shm, as on Linux. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "port.h"

static const char folder[] = "/dev/shm/";

/* The object's path, or an errno. A name has one slash at most, the first. */
static int find(const char *name, char path[sizeof folder + NAME_MAX]) {
  name += *name == '/';
  size_t length = strlen(name);
  if (length == 0 || strchr(name, '/'))
    return EINVAL;
  if (length > NAME_MAX)
    return ENAMETOOLONG;
  memcpy(path, folder, sizeof folder - 1);
  memcpy(path + sizeof folder - 1, name, length + 1);
  return 0;
}

int shm_open(const char *name, int flags, mode_t mode) {
  char path[sizeof folder + NAME_MAX];
  int error = find(name, path);
  return error ? fails(error) : open(path, flags | O_CLOEXEC | O_NOFOLLOW, mode);
}

int shm_unlink(const char *name) {
  char path[sizeof folder + NAME_MAX];
  int error = find(name, path);
  return error ? fails(error == EINVAL ? ENOENT : error) : unlink(path);
}
