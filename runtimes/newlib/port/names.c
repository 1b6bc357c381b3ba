/* The last part of a path and what comes before it, as POSIX has them: both may change the path. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <libgen.h>
#include <string.h>

#include "port.h"

/* Cut the slashes that end a path, but never the first sign: the new end. */
static char *trim(char *path, char *end) {
  while (end > path + 1 && end[-1] == '/')
    end--;
  return end;
}

#undef basename
char *basename(char *path) {
  if (path == NULL || *path == 0)
    return ".";
  *trim(path, path + strlen(path)) = 0;
  char *slash = strrchr(path, '/');
  return slash && slash[1] ? slash + 1 : path;
}

char *dirname(char *path) {
  if (path == NULL || *path == 0)
    return ".";
  *trim(path, path + strlen(path)) = 0;
  char *slash = strrchr(path, '/');
  if (slash == NULL)
    return ".";
  *trim(path, slash + (slash == path)) = 0;
  return path;
}
