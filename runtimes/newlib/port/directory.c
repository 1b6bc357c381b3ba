/* Directories as streams of entries. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "port.h"

enum { BUFFER = 8192 };

/* DIR comes first. Of its fields dd_fd is the descriptor, dd_loc and dd_len say where in `buffer` the next entry is and
   how much is filled, dd_seek is what telldir() tells. */
struct directory {
  DIR dir;
  struct dirent entry;
  char buffer[BUFFER] __attribute__((__aligned__(8)));
};

static struct directory *whole(DIR *dir) { return (struct directory *)dir; }

/* Takes the descriptor over, if nothing fails. */
static DIR *make(int fd) {
  struct directory *made = malloc(sizeof *made);
  if (made == NULL)
    return NULL;
  made->dir = (DIR){.dd_fd = fd, .dd_seek = sys_lseek(fd, 0, SEEK_CUR)};
  return &made->dir;
}

DIR *fdopendir(int fd) {
  struct stat status;
  if (fstat(fd, &status) < 0)
    return NULL;
  if (!S_ISDIR(status.st_mode)) {
    errno = ENOTDIR;
    return NULL;
  }
  return make(fd);
}

DIR *opendir(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return NULL;
  DIR *made = make(fd);
  if (made == NULL)
    sys_close(fd);
  return made;
}

/* The next entry; NULL at the end, *error says if it is that. */
static struct dirent *next(DIR *dir, int *error) {
  struct directory *directory = whole(dir);
  if (dir->dd_loc >= dir->dd_len) {
    ssize_t length = sys_getdents64(dir->dd_fd, directory->buffer, BUFFER);
    *error = length < 0 ? (int)-length : 0;
    dir->dd_loc = 0;
    dir->dd_len = length < 0 ? 0 : (int)length;
    if (length <= 0)
      return NULL;
  }
  const struct sys_dirent *from = (const void *)(directory->buffer + dir->dd_loc);
  struct dirent *entry = &directory->entry;
  dir->dd_loc += from->length;
  dir->dd_seek = from->next;
  entry->d_fileno = from->number;
  entry->d_off = from->next;
  entry->d_type = from->type;
  entry->d_namlen = strlen(from->name);
  entry->d_reclen = sizeof *entry;
  memcpy(entry->d_name, from->name, entry->d_namlen + 1);
  return entry;
}

struct dirent *readdir(DIR *dir) {
  int error = 0;
  struct dirent *entry = next(dir, &error);
  if (entry == NULL && error)
    errno = error;
  return entry;
}

int readdir_r(DIR *dir, struct dirent *entry, struct dirent **found) {
  int error = 0;
  struct dirent *got = next(dir, &error);
  if (got)
    memcpy(entry, got, sizeof *entry);
  *found = got ? entry : NULL;
  return error;
}

long telldir(DIR *dir) { return dir->dd_seek; }

void seekdir(DIR *dir, long place) {
  dir->dd_seek = sys_lseek(dir->dd_fd, place, SEEK_SET);
  dir->dd_loc = dir->dd_len = 0;
}

void rewinddir(DIR *dir) { seekdir(dir, 0); }

#undef dirfd
int dirfd(DIR *dir) { return dir->dd_fd; }

int fdclosedir(DIR *dir) {
  int fd = dir->dd_fd;
  free(whole(dir));
  return fd;
}

int closedir(DIR *dir) { return result(sys_close(fdclosedir(dir))); }

int getdents(int fd, void *buffer, int length) { return result(sys_getdents64(fd, buffer, length)); }

int alphasort(const struct dirent **one, const struct dirent **other) {
  return strcoll((*one)->d_name, (*other)->d_name);
}

int versionsort(const struct dirent **one, const struct dirent **other) {
  return strverscmp((*one)->d_name, (*other)->d_name);
}

/* A list that grows. */
struct list {
  struct dirent **entries;
  size_t count, room;
};

static int append(struct list *list, const struct dirent *entry) {
  if (list->count == list->room) {
    size_t room = list->room ? 2 * list->room : 16;
    struct dirent **more = reallocarray(list->entries, room, sizeof *more);
    if (more == NULL)
      return -1;
    list->entries = more;
    list->room = room;
  }
  struct dirent *copy = malloc(sizeof *copy);
  if (copy == NULL)
    return -1;
  list->entries[list->count++] = memcpy(copy, entry, sizeof *copy);
  return 0;
}

/* All entries that are wanted; -1 and errno where one could not be had. */
static int gather(DIR *dir, struct list *list, int (*wanted)(const struct dirent *)) {
  int error = 0;
  for (struct dirent *entry; (entry = next(dir, &error)) != NULL;)
    if ((wanted == NULL || wanted(entry)) && append(list, entry) < 0)
      return -1;
  return error ? fails(error) : 0;
}

static int scan(DIR *dir, struct dirent ***found, int (*wanted)(const struct dirent *),
                int (*order)(const struct dirent **, const struct dirent **)) {
  struct list list = {0};
  if (dir == NULL)
    return -1;
  int done = gather(dir, &list, wanted), error = errno;
  closedir(dir);
  if (done < 0) {
    while (list.count > 0)
      free(list.entries[--list.count]);
    free(list.entries);
    return fails(error);
  }
  if (order)
    qsort(list.entries, list.count, sizeof *list.entries, (int (*)(const void *, const void *))order);
  *found = list.entries;
  return (int)list.count;
}

int scandir(const char *path, struct dirent ***found, int (*wanted)(const struct dirent *),
            int (*order)(const struct dirent **, const struct dirent **)) {
  return scan(opendir(path), found, wanted, order);
}

int scandirat(int folder, const char *path, struct dirent ***found, int (*wanted)(const struct dirent *),
              int (*order)(const struct dirent **, const struct dirent **)) {
  int fd = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd < 0 ? NULL : make(fd);
  if (fd >= 0 && dir == NULL)
    sys_close(fd);
  return scan(dir, found, wanted, order);
}
