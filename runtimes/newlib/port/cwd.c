/* The working directory, and absolute paths. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "port.h"

enum { MOST_LINKS = 40 };

int chdir(const char *path) { return result(sys_chdir(path)); }

int fchdir(int fd) { return result(sys_fchdir(fd)); }

/* NULL: a buffer of malloc()'s, as long as need be where no size is given. */
char *getcwd(char *buffer, size_t size) {
  char path[PATH_MAX];
  if (buffer && size == 0) {
    errno = EINVAL;
    return NULL;
  }
  ssize_t length = result(sys_getcwd(path, sizeof path));
  if (length < 0)
    return NULL;
  if (size && (size_t)length > size) {
    errno = ERANGE;
    return NULL;
  }
  if (buffer == NULL && (buffer = malloc(size ? size : (size_t)length)) == NULL)
    return NULL;
  return memcpy(buffer, path, length);
}

char *get_current_dir_name(void) { return getcwd(NULL, 0); }

/* A path that is being resolved: what is done, absolute and without links, and what is still to be looked at. */
struct walk {
  char done[PATH_MAX], rest[PATH_MAX];
  size_t length;
  int links;
};

/* Puts `text` in front of what is still to be looked at, which is empty or begins with '/'. */
static int prepend(struct walk *walk, const char *text, size_t length) {
  size_t rest = strlen(walk->rest);
  if (length + rest >= PATH_MAX)
    return ENAMETOOLONG;
  memmove(walk->rest + length, walk->rest, rest + 1);
  memcpy(walk->rest, text, length);
  return 0;
}

static int follow(struct walk *walk, size_t parent) {
  char target[PATH_MAX];
  ssize_t length = sys_readlinkat(AT_FDCWD, walk->done, target, sizeof target - 1);
  if (length < 0)
    return (int)-length;
  if (++walk->links > MOST_LINKS)
    return ELOOP;
  walk->length = target[0] == '/' ? 0 : parent;
  walk->done[walk->length] = '\0';
  return prepend(walk, target, length);
}

/* Takes one component of what is left; an errno. */
static int step(struct walk *walk) {
  size_t start = strspn(walk->rest, "/"), length = strcspn(walk->rest + start, "/"), parent = walk->length;
  char name[NAME_MAX + 1];
  if (length > NAME_MAX)
    return ENAMETOOLONG;
  memcpy(name, walk->rest + start, length);
  name[length] = '\0';
  int more = walk->rest[start + length] == '/';
  memmove(walk->rest, walk->rest + start + length, strlen(walk->rest + start + length) + 1);
  if (strcmp(name, "..") == 0) {
    char *slash = strrchr(walk->done, '/');
    walk->length = slash ? (size_t)(slash - walk->done) : 0;
    walk->done[walk->length] = '\0';
  }
  if (length == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
    return 0;
  if (parent + length + 2 > PATH_MAX)
    return ENAMETOOLONG;
  walk->done[parent] = '/';
  memcpy(walk->done + parent + 1, name, length + 1);
  walk->length = parent + 1 + length;
  struct sys_stat status;
  int error = sys_fstatat(AT_FDCWD, walk->done, &status, AT_SYMLINK_NOFOLLOW);
  if (error)
    return -error;
  if (S_ISLNK(status.mode))
    return follow(walk, parent);
  return more && !S_ISDIR(status.mode) ? ENOTDIR : 0;
}

/* An errno. */
static int resolve(struct walk *walk, const char *path) {
  int error = 0;
  if (path[0] == '\0')
    return ENOENT;
  if (strlen(path) >= PATH_MAX)
    return ENAMETOOLONG;
  strcpy(walk->rest, path);
  if (path[0] != '/') {
    ssize_t length = sys_getcwd(walk->done, sizeof walk->done);
    if (length < 0)
      return (int)-length;
    walk->length = strcmp(walk->done, "/") == 0 ? 0 : (size_t)length - 1;
    walk->done[walk->length] = '\0';
  }
  while (walk->rest[0] && !error)
    error = step(walk);
  if (walk->length == 0)
    strcpy(walk->done, "/");
  return error;
}

char *realpath(const char *path, char *buffer) {
  if (path == NULL) {
    errno = EINVAL;
    return NULL;
  }
  struct walk *walk = calloc(1, sizeof *walk);
  if (walk == NULL)
    return NULL;
  char *found = NULL;
  int error = resolve(walk, path);
  if (error)
    errno = error;
  else
    found = buffer ? strcpy(buffer, walk->done) : strdup(walk->done);
  free(walk);
  return found;
}

char *canonicalize_file_name(const char *path) { return realpath(path, NULL); }
