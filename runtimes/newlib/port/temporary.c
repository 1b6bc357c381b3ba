/* Files with names of their own: the last X's of a template become what nobody can guess. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "port.h"

enum { LEAST = 6, TRIES = 100, BASE = 62 };

static const char digits[BASE + 1] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* What to make at a name: a descriptor or 0, or a negative errno. */
typedef int maker(const char *name, int flags);

static int make_file(const char *name, int flags) {
  return sys_openat(AT_FDCWD, name, flags | O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
}

static int make_folder(const char *name, int flags) {
  (void)flags;
  return sys_mkdirat(AT_FDCWD, name, S_IRWXU);
}

/* mktemp()'s: nothing is made, but nothing must be there. */
static int make_nothing(const char *name, int flags) {
  struct sys_stat status;
  (void)flags;
  int found = sys_fstatat(AT_FDCWD, name, &status, AT_SYMLINK_NOFOLLOW);
  return found == 0 ? -EEXIST : found == -ENOENT ? 0 : found;
}

/* The X's before the last `suffix` bytes; NULL: too few. */
static char *find(char *template, int suffix, size_t *count) {
  size_t length = strlen(template);
  if (suffix < 0 || (size_t)suffix > length)
    return NULL;
  char *end = template + length - suffix, *first = end;
  while (first > template && first[-1] == 'X')
    first--;
  *count = end - first;
  return *count < LEAST ? NULL : first;
}

static int make(char *template, int suffix, int flags, maker *one) {
  size_t count;
  char *place = find(template, suffix, &count);
  int made = -EINVAL;
  for (int try = 0; place && try < TRIES; try++) {
    for (size_t i = 0; i < count; i++)
      place[i] = digits[(unsigned)sys_rand() % BASE];
    made = one(template, flags);
    if (made != -EEXIST)
      break;
  }
  if (made < 0 && place)
    memset(place, 'X', count);
  return (int)result(made);
}

int mkostemps(char *template, int suffix, int flags) { return make(template, suffix, flags & ~O_ACCMODE, make_file); }

int mkostemp(char *template, int flags) { return mkostemps(template, 0, flags); }

int mkstemps(char *template, int suffix) { return mkostemps(template, suffix, 0); }

int mkstemp(char *template) { return mkostemps(template, 0, 0); }

char *mkdtemp(char *template) { return make(template, 0, 0, make_folder) < 0 ? NULL : template; }

char *mktemp(char *template) {
  if (make(template, 0, 0, make_nothing) < 0)
    template[0] = '\0';
  return template;
}
