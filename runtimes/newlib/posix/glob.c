/* glob(): the parts of a pattern one after the other, each by its folder's entries; braces and ~ before that. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../port/port.h"

/* gl_offs empty places come first; gl_pathc counts what is behind them. */
struct search {
  glob_t *to;
  int flags, (*fails)(const char *, int);
  size_t room;
};

static size_t offset(const struct search *search) { return search->flags & GLOB_DOOFFS ? search->to->gl_offs : 0; }

static int add(struct search *search, const char *path, int is_folder) {
  glob_t *to = search->to;
  size_t first = offset(search), count = first + to->gl_pathc, length = strlen(path);
  if (count + 2 > search->room) {
    size_t room = (count + 2) * 2;
    char **list = realloc(to->gl_pathv, room * sizeof *list);
    if (list == NULL)
      return GLOB_NOSPACE;
    if (to->gl_pathv == NULL)
      memset(list, 0, (first + 1) * sizeof *list);
    to->gl_pathv = list, search->room = room;
  }
  char *copy = malloc(length + 2);
  if (copy == NULL)
    return GLOB_NOSPACE;
  memcpy(copy, path, length + 1);
  if (is_folder && search->flags & GLOB_MARK && length && path[length - 1] != '/')
    strcpy(copy + length, "/");
  to->gl_pathv[count] = copy;
  to->gl_pathv[count + 1] = NULL;
  to->gl_pathc++;
  return 0;
}

static int has_magic(const char *text, size_t length, int flags) {
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '\\' && !(flags & GLOB_NOESCAPE))
      i++;
    else if (text[i] == '*' || text[i] == '?' || text[i] == '[')
      return 1;
  }
  return 0;
}

/* Copy a part without its backslashes; the new end, or NULL where it is too long. */
static char *unescape(char *to, char *end, const char *from, size_t length, int flags) {
  for (size_t i = 0; i < length; i++) {
    if (from[i] == '\\' && !(flags & GLOB_NOESCAPE) && i + 1 < length)
      i++;
    if (to + 1 >= end)
      return NULL;
    *to++ = from[i];
  }
  *to = 0;
  return to;
}

static int look(const struct search *search, const char *path, struct stat *status, int follow) {
  if (search->flags & GLOB_ALTDIRFUNC)
    return (follow ? search->to->gl_stat : search->to->gl_lstat)(path, status);
  return follow ? stat(path, status) : lstat(path, status);
}

static int walk(struct search *search, char *path, char *end, char *limit, const char *pattern);

/* The entries of the folder `path` (which ends at `end`) that match a part of the pattern. */
static int entries(struct search *search, char *path, char *end, char *limit, const char *pattern, size_t length) {
  char part[NAME_MAX + 1];
  int alternative = search->flags & GLOB_ALTDIRFUNC, error = 0;
  int how = (search->flags & GLOB_NOESCAPE ? FNM_NOESCAPE : 0) | (search->flags & GLOB_PERIOD ? 0 : FNM_PERIOD);
  if (length >= sizeof part)
    return 0;
  memcpy(part, pattern, length);
  part[length] = 0;
  const char *folder = end == path ? "." : path;
  void *stream = alternative ? search->to->gl_opendir(folder) : (void *)opendir(folder);
  if (stream == NULL) {
    if (errno == ENOTDIR || errno == ENOENT)
      return 0;
    return (search->fails && search->fails(folder, errno)) || search->flags & GLOB_ERR ? GLOB_ABORTED : 0;
  }
  struct dirent *entry;
  while (error == 0 && (entry = alternative ? search->to->gl_readdir(stream) : readdir(stream)) != NULL) {
    size_t size = strlen(entry->d_name);
    if (fnmatch(part, entry->d_name, how) || size >= (size_t)(limit - end))
      continue;
    memcpy(end, entry->d_name, size + 1);
    error = walk(search, path, end + size, limit, pattern + length);
  }
  if (alternative)
    search->to->gl_closedir(stream);
  else
    closedir(stream);
  *end = 0;
  return error;
}

/* The path so far, and what is left of the pattern: slashes, then the next part. */
static int walk(struct search *search, char *path, char *end, char *limit, const char *pattern) {
  struct stat status;
  char *start = end;
  for (; *pattern == '/'; pattern++) {
    if (end + 1 >= limit)
      return 0;
    *end++ = '/';
    *end = 0;
  }
  if (*pattern == 0) {
    if (look(search, path, &status, 0) < 0 && look(search, path, &status, 1) < 0)
      return 0;
    if (S_ISLNK(status.st_mode) && look(search, path, &status, 1) < 0)
      status.st_mode = S_IFLNK;
    if ((start != end || search->flags & GLOB_ONLYDIR) && !S_ISDIR(status.st_mode))
      return 0;
    return add(search, path, S_ISDIR(status.st_mode));
  }
  size_t length = strcspn(pattern, "/");
  if (has_magic(pattern, length, search->flags))
    return entries(search, path, end, limit, pattern, length);
  end = unescape(end, limit, pattern, length, search->flags);
  return end ? walk(search, path, end, limit, pattern + length) : 0;
}

static int order(const void *a, const void *b) { return strcoll(*(char *const *)a, *(char *const *)b); }

static int one(struct search *search, const char *pattern) {
  char path[PATH_MAX] = "";
  size_t before = search->to->gl_pathc;
  int magic = has_magic(pattern, strlen(pattern), search->flags);
  if (magic)
    search->to->gl_flags |= GLOB_MAGCHAR;
  int error = *pattern ? walk(search, path, path, path + sizeof path, pattern) : 0;
  if (error)
    return error;
  size_t found = search->to->gl_pathc - before;
  if (found == 0 && (search->flags & GLOB_NOCHECK || (search->flags & GLOB_NOMAGIC && !magic)))
    return add(search, pattern, 0);
  if (!(search->flags & GLOB_NOSORT) && found > 1)
    qsort(search->to->gl_pathv + offset(search) + before, found, sizeof(char *), order);
  return 0;
}

/* ~ and ~name at the beginning: root's home, or that of the environment. */
static int with_home(struct search *search, const char *pattern) {
  char path[PATH_MAX], name[NAME_MAX + 1];
  size_t length = strcspn(pattern, "/");
  if (!(search->flags & (GLOB_TILDE | GLOB_TILDE_CHECK)) || *pattern != '~' || length > sizeof name)
    return one(search, pattern);
  memcpy(name, pattern + 1, length - 1);
  name[length - 1] = 0;
  const char *home = *name ? NULL : getenv("HOME");
  const struct passwd *user = home ? NULL : getpwnam(*name ? name : "root");
  if (user)
    home = user->pw_dir;
  if (home == NULL)
    return search->flags & GLOB_TILDE_CHECK ? GLOB_NOMATCH : one(search, pattern);
  if (strlen(home) + strlen(pattern + length) >= sizeof path)
    return 0;
  strcpy(path, strcmp(home, "/") == 0 && pattern[length] ? "" : home);
  strcat(path, pattern + length);
  return one(search, path);
}

/* The end of a part of braces: the comma or bracket of the same level, or NULL. */
static const char *part_end(const char *at) {
  for (int level = 0; *at; at++) {
    if (*at == '\\' && at[1])
      at++;
    else if (*at == '{')
      level++;
    else if (level == 0 && (*at == ',' || *at == '}'))
      return at;
    else if (*at == '}')
      level--;
  }
  return NULL;
}

static int braces(struct search *search, const char *pattern) {
  const char *open = search->flags & GLOB_BRACE ? strchr(pattern, '{') : NULL, *close, *at, *end;
  while (open && open[1] == '}')
    open = strchr(open + 1, '{');
  if (open == NULL)
    return with_home(search, pattern);
  for (close = open + 1; (close = part_end(close)) != NULL && *close == ',';)
    close++;
  if (close == NULL)
    return with_home(search, pattern);
  for (at = open + 1; (end = part_end(at)) != NULL; at = end + 1) {
    char whole[PATH_MAX];
    size_t head = (size_t)(open - pattern), length = (size_t)(end - at);
    if (head + length + strlen(close + 1) < sizeof whole) {
      memcpy(whole, pattern, head);
      memcpy(whole + head, at, length);
      strcpy(whole + head + length, close + 1);
      int error = braces(search, whole);
      if (error)
        return error;
    }
    if (end == close)
      break;
  }
  return 0;
}

int glob(const char *restrict pattern, int flags, int (*failed)(const char *, int), glob_t *restrict to) {
  struct search search = {.to = to, .flags = flags, .fails = failed};
  if (!(flags & GLOB_APPEND)) {
    to->gl_pathc = 0;
    to->gl_pathv = NULL;
    if (!(flags & GLOB_DOOFFS))
      to->gl_offs = 0;
  }
  size_t before = to->gl_pathc;
  search.room = to->gl_pathv ? offset(&search) + before + 1 : 0;
  to->gl_flags = flags;
  int error = braces(&search, pattern);
  if (error == 0 && to->gl_pathc == before)
    return GLOB_NOMATCH;
  return error;
}

void globfree(glob_t *to) {
  size_t first = to->gl_flags & GLOB_DOOFFS ? to->gl_offs : 0;
  for (size_t i = 0; to->gl_pathv && i < to->gl_pathc; i++)
    free(to->gl_pathv[first + i]);
  free(to->gl_pathv);
  to->gl_pathv = NULL;
  to->gl_pathc = 0;
}
