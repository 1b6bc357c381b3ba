/* BSD's fts: each folder's entries are read when it is entered, and freed when it is left; the working folder stays. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

typedef int (*compare_fn)(const FTSENT **, const FTSENT **);

struct _fts {
  int options, stopped;
  compare_fn compare;
  FTSENT *now;      /* what fts_read() gave last */
  FTSENT *next;     /* the roots, before the first read */
  FTSENT *children; /* of `now`, read by fts_children() */
  FTSENT top;       /* parent of the roots */
  dev_t device;
};

static FTSENT *make(FTS *walk, FTSENT *parent, const char *name) {
  size_t length = strlen(name), above = parent->fts_path ? parent->fts_pathlen : 0;
  int slash = above && parent->fts_path[above - 1] != '/';
  size_t size = sizeof(FTSENT) + length, path = above + (size_t)slash + length + 1;
  FTSENT *entry = calloc(1, size + path + sizeof(struct stat) + 2 * _Alignof(struct stat));
  if (entry == NULL)
    return NULL;
  uintptr_t status = ((uintptr_t)entry + size + _Alignof(struct stat) - 1) & -_Alignof(struct stat);
  entry->fts_statp = (struct stat *)status;
  entry->fts_path = entry->fts_accpath = (char *)(entry->fts_statp + 1);
  if (above)
    memcpy(entry->fts_path, parent->fts_path, above);
  if (slash)
    entry->fts_path[above] = '/';
  strcpy(entry->fts_path + above + slash, name);
  strcpy(entry->fts_name, name);
  entry->fts_namelen = length;
  entry->fts_pathlen = path - 1;
  entry->fts_parent = parent;
  entry->fts_level = parent->fts_level + 1;
  entry->fts_instr = FTS_NOINSTR;
  (void)walk;
  return entry;
}

static void release(FTSENT *list) {
  while (list) {
    FTSENT *next = list->fts_link;
    free(list);
    list = next;
  }
}

/* What the entry is; follows a link where the walk does, or where the caller asked. */
static unsigned short examine(FTS *walk, FTSENT *entry, int follow) {
  struct stat *status = entry->fts_statp;
  if (walk->options & FTS_LOGICAL || (follow && entry->fts_level >= FTS_ROOTLEVEL)) {
    if (stat(entry->fts_accpath, status) < 0) {
      entry->fts_errno = errno;
      if (errno == ENOENT && lstat(entry->fts_accpath, status) == 0)
        return entry->fts_errno = 0, FTS_SLNONE;
      return FTS_NS;
    }
  } else if (lstat(entry->fts_accpath, status) < 0) {
    entry->fts_errno = errno;
    return FTS_NS;
  }
  entry->fts_dev = status->st_dev, entry->fts_ino = status->st_ino, entry->fts_nlink = status->st_nlink;
  if (S_ISDIR(status->st_mode)) {
    if (strcmp(entry->fts_name, ".") == 0 || strcmp(entry->fts_name, "..") == 0)
      return entry->fts_level == FTS_ROOTLEVEL ? FTS_D : FTS_DOT;
    for (FTSENT *above = entry->fts_parent; above && above->fts_level >= FTS_ROOTLEVEL; above = above->fts_parent)
      if (above->fts_ino == entry->fts_ino && above->fts_dev == entry->fts_dev)
        return entry->fts_cycle = above, FTS_DC;
    return FTS_D;
  }
  return S_ISLNK(status->st_mode) ? FTS_SL : S_ISREG(status->st_mode) ? FTS_F : FTS_DEFAULT;
}

static compare_fn sorter;

static int by_caller(const void *a, const void *b) { return sorter((const FTSENT **)a, (const FTSENT **)b); }

/* Sort a list of `count` entries; as it is where there is no memory. */
static FTSENT *sorted(FTS *walk, FTSENT *list, size_t count) {
  FTSENT **array = walk->compare && count > 1 ? malloc(count * sizeof *array) : NULL;
  if (array == NULL)
    return list;
  size_t at = 0;
  for (FTSENT *entry = list; entry; entry = entry->fts_link)
    array[at++] = entry;
  sorter = walk->compare;
  qsort(array, count, sizeof *array, by_caller);
  for (at = 0; at < count; at++)
    array[at]->fts_link = at + 1 < count ? array[at + 1] : NULL;
  list = array[0];
  free(array);
  return list;
}

/* The entries of a folder; NULL with errno 0 where it is empty. */
static FTSENT *read_folder(FTS *walk, FTSENT *folder, int names_only) {
  FTSENT *list = NULL, **end = &list;
  size_t count = 0;
  DIR *stream = opendir(folder->fts_accpath);
  if (stream == NULL)
    return NULL;
  for (struct dirent *found; (found = readdir(stream)) != NULL;) {
    int dot = strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0;
    if (dot && !(walk->options & FTS_SEEDOT))
      continue;
    FTSENT *entry = make(walk, folder, found->d_name);
    if (entry == NULL) {
      release(list);
      closedir(stream);
      return errno = ENOMEM, NULL;
    }
    entry->fts_info = names_only || walk->options & FTS_NOSTAT ? FTS_NSOK : examine(walk, entry, 0);
#ifdef DT_DIR
    if (entry->fts_info == FTS_NSOK && !names_only && (found->d_type == DT_DIR || found->d_type == DT_UNKNOWN))
      entry->fts_info = examine(walk, entry, 0);
#endif
    *end = entry, end = &entry->fts_link;
    count++;
  }
  closedir(stream);
  errno = 0;
  return sorted(walk, list, count);
}

FTS *fts_open(char *const *paths, int options, compare_fn compare) {
  if (options & ~FTS_OPTIONMASK || !(options & (FTS_LOGICAL | FTS_PHYSICAL)))
    return errno = EINVAL, NULL;
  FTS *walk = calloc(1, sizeof *walk);
  if (walk == NULL)
    return NULL;
  *walk = (FTS){.options = options, .compare = compare, .top = {.fts_level = FTS_ROOTPARENTLEVEL}};
  FTSENT **end = &walk->next;
  size_t count = 0;
  for (; *paths; paths++, count++) {
    FTSENT *root = **paths ? make(walk, &walk->top, *paths) : NULL;
    if (root == NULL) {
      errno = **paths ? ENOMEM : ENOENT;
      release(walk->next);
      free(walk);
      return NULL;
    }
    root->fts_info = examine(walk, root, options & FTS_COMFOLLOW);
    if (root->fts_info == FTS_DOT)
      root->fts_info = FTS_D;
    *end = root, end = &root->fts_link;
  }
  walk->next = sorted(walk, walk->next, count);
  return walk;
}

static FTSENT *give(FTS *walk, FTSENT *entry) {
  if (entry->fts_level == FTS_ROOTLEVEL)
    walk->device = entry->fts_dev;
  if (entry->fts_instr == FTS_FOLLOW) {
    entry->fts_info = examine(walk, entry, 1);
    entry->fts_instr = FTS_NOINSTR;
  }
  return walk->now = entry;
}

/* Into the folder that was given: its first entry, or the folder again. */
static FTSENT *enter(FTS *walk, FTSENT *folder) {
  FTSENT *list = walk->children;
  if (list && list->fts_info == FTS_NSOK && !(walk->options & FTS_NOSTAT)) {
    release(list);
    list = NULL;
  }
  walk->children = NULL;
  if (folder->fts_instr == FTS_SKIP || (walk->options & FTS_XDEV && folder->fts_dev != walk->device)) {
    release(list);
    folder->fts_info = FTS_DP;
    return give(walk, folder);
  }
  if (list == NULL) {
    errno = 0;
    list = read_folder(walk, folder, 0);
    if (list == NULL && errno) {
      folder->fts_errno = errno;
      folder->fts_info = FTS_DNR;
      return give(walk, folder);
    }
  }
  if (list)
    return give(walk, list);
  folder->fts_info = FTS_DP;
  return give(walk, folder);
}

FTSENT *fts_read(FTS *walk) {
  FTSENT *now = walk->now;
  if (walk->stopped)
    return NULL;
  if (now == NULL) {
    FTSENT *first = walk->next;
    walk->next = NULL;
    return first ? give(walk, first) : (walk->stopped = 1, errno = 0, NULL);
  }
  if (now->fts_instr == FTS_AGAIN) {
    now->fts_instr = FTS_NOINSTR;
    now->fts_info = examine(walk, now, 0);
    return now;
  }
  if (now->fts_instr == FTS_FOLLOW && (now->fts_info == FTS_SL || now->fts_info == FTS_SLNONE))
    return give(walk, now);
  if (now->fts_info == FTS_D)
    return enter(walk, now);
  FTSENT *next = now->fts_link, *parent = now->fts_parent;
  free(now);
  while (next && next->fts_instr == FTS_SKIP) {
    FTSENT *after = next->fts_link;
    free(next);
    next = after;
  }
  walk->now = NULL;
  if (next)
    return give(walk, next);
  if (parent == &walk->top) {
    walk->stopped = 1;
    errno = 0;
    return NULL;
  }
  parent->fts_info = FTS_DP;
  parent->fts_instr = FTS_NOINSTR;
  return walk->now = parent;
}

FTSENT *fts_children(FTS *walk, int options) {
  FTSENT *now = walk->now;
  if (options != 0 && options != FTS_NAMEONLY)
    return errno = EINVAL, NULL;
  errno = 0;
  if (now == NULL)
    return walk->next;
  if (walk->stopped || now->fts_info != FTS_D)
    return NULL;
  release(walk->children);
  return walk->children = read_folder(walk, now, options == FTS_NAMEONLY);
}

int fts_set(FTS *walk, FTSENT *entry, int instruction) {
  (void)walk;
  if (instruction < 0 || instruction > FTS_SKIP)
    return fails(EINVAL);
  entry->fts_instr = (unsigned short)instruction;
  return 0;
}

int fts_close(FTS *walk) {
  release(walk->children);
  release(walk->next);
  for (FTSENT *entry = walk->now; entry && entry != &walk->top;) {
    FTSENT *parent = entry->fts_parent;
    release(entry);
    entry = parent;
  }
  free(walk);
  return 0;
}
