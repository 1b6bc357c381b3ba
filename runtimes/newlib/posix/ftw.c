/* nftw() and ftw(): a folder's names are read whole before any is visited, so that no more than one stays open. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../port/port.h"

/* The folders above, against links that lead in a circle. */
struct above {
  const struct above *next;
  dev_t device;
  ino_t number;
};

struct visit {
  int flags;
  int (*old)(const char *, const struct stat *, int);
  int (*new)(const char *, const struct stat *, int, struct FTW *);
  dev_t device;
  char path[PATH_MAX];
};

static int tell(struct visit *visit, const struct stat *status, int type, int base, int level) {
  if (visit->old)
    return visit->old(visit->path, status, type == FTW_SLN ? FTW_NS : type);
  struct FTW place = {base, level};
  return visit->new(visit->path, status, type, &place);
}

/* The names in the folder, one behind the other, each with its NUL, and an empty one at the end. */
static char *names(const char *path) {
  DIR *stream = opendir(path);
  if (stream == NULL)
    return NULL;
  size_t length = 0, room = 256;
  char *list = malloc(room);
  struct dirent *entry;
  while (list && (entry = readdir(stream)) != NULL) {
    size_t size = strlen(entry->d_name) + 1;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    if (length + size + 1 > room) {
      char *grown = realloc(list, room = (length + size + 1) * 2);
      if (grown == NULL)
        free(list);
      list = grown;
    }
    if (list)
      memcpy(list + length, entry->d_name, size), length += size;
  }
  closedir(stream);
  if (list)
    list[length] = 0;
  return list;
}

static int walk(struct visit *visit, size_t length, int base, int level, const struct above *above);

static int each(struct visit *visit, char *list, size_t length, int level, const struct above *above) {
  int result = 0;
  size_t start = length;
  if (length == 0 || visit->path[length - 1] != '/')
    visit->path[start++] = '/';
  for (char *name = list; *name && result == 0; name += strlen(name) + 1) {
    size_t size = strlen(name);
    if (start + size >= sizeof visit->path) {
      result = fails(ENAMETOOLONG);
      break;
    }
    memcpy(visit->path + start, name, size + 1);
    result = walk(visit, start + size, (int)start, level + 1, above);
    if (visit->flags & FTW_ACTIONRETVAL && result == FTW_SKIP_SUBTREE)
      result = 0;
    else if (visit->flags & FTW_ACTIONRETVAL && result == FTW_SKIP_SIBLINGS)
      return visit->path[length] = 0, 0;
  }
  visit->path[length] = 0;
  return result;
}

static int folder(struct visit *visit, const struct stat *status, size_t length, int base, int level,
                  const struct above *above) {
  struct above here = {above, status->st_dev, status->st_ino};
  int depth = visit->flags & FTW_DEPTH, result = 0;
  for (; above; above = above->next)
    if (!(visit->flags & FTW_PHYS) && above->device == here.device && above->number == here.number)
      return 0;
  char *list = names(visit->path);
  if (list == NULL)
    return errno == EACCES || errno == ENOENT ? tell(visit, status, FTW_DNR, base, level) : -1;
  if (!depth)
    result = tell(visit, status, FTW_D, base, level);
  if (result == 0)
    result = each(visit, list, length, level, &here);
  if (result == 0 && depth)
    result = tell(visit, status, FTW_DP, base, level);
  free(list);
  return result;
}

static int walk(struct visit *visit, size_t length, int base, int level, const struct above *above) {
  struct stat status;
  int physical = visit->flags & FTW_PHYS;
  if ((physical ? lstat : stat)(visit->path, &status) < 0) {
    if (errno != ENOENT && errno != EACCES)
      return -1;
    if (!physical && errno == ENOENT && lstat(visit->path, &status) == 0)
      return tell(visit, &status, FTW_SLN, base, level);
    if (level == 0)
      return -1;
    return tell(visit, &status, FTW_NS, base, level);
  }
  if (level == 0)
    visit->device = status.st_dev;
  else if (visit->flags & FTW_MOUNT && status.st_dev != visit->device)
    return 0;
  if (S_ISDIR(status.st_mode))
    return folder(visit, &status, length, base, level, above);
  return tell(visit, &status, S_ISLNK(status.st_mode) ? FTW_SL : FTW_F, base, level);
}

static int start(const char *path, struct visit *visit, int fds) {
  size_t length = strlen(path);
  if (fds < 1)
    return fails(EINVAL);
  if (length + 1 >= sizeof visit->path)
    return fails(ENAMETOOLONG);
  if (visit->flags & FTW_CHDIR) /* paths are walked from where the program is */
    return fails(ENOTSUP);
  while (length > 1 && path[length - 1] == '/')
    length--;
  memcpy(visit->path, path, length);
  visit->path[length] = 0;
  const char *slash = strrchr(visit->path, '/');
  int result = walk(visit, length, slash && slash[1] ? (int)(slash + 1 - visit->path) : 0, 0, NULL);
  return visit->flags & FTW_ACTIONRETVAL && (result == FTW_SKIP_SUBTREE || result == FTW_SKIP_SIBLINGS) ? 0 : result;
}

int nftw(const char *path, int (*act)(const char *, const struct stat *, int, struct FTW *), int fds, int flags) {
  struct visit visit = {.flags = flags, .new = act};
  return start(path, &visit, fds);
}

int ftw(const char *path, int (*act)(const char *, const struct stat *, int), int fds) {
  struct visit visit = {.old = act};
  return start(path, &visit, fds);
}
