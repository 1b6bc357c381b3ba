/* Paths: there is no file system yet, so nothing is found and nothing can be made. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#include "port.h"

static mode_t mask = S_IWGRP | S_IWOTH;

/* The error of looking for a path: none exists but the root. */
static int missing(const char *path) { return strlen(path) >= PATH_MAX ? ENAMETOOLONG : ENOENT; }

/* The error of making something at a path. */
static int unwritable(const char *path) { return *path && strlen(path) < PATH_MAX ? EROFS : missing(path); }

static int is_root(const char *path) { return strcmp(path, "/") == 0 || strcmp(path, ".") == 0; }

int _open_r(struct _reent *reent, const char *path, int flags, int mode) {
  (void)mode;
  return result_r(reent, flags & O_CREAT ? -unwritable(path) : -missing(path));
}

int _open(const char *path, int flags, ...) { return _open_r(_REENT, path, flags, 0); }

int openat(int folder, const char *path, int flags, ...) {
  (void)folder;
  return _open_r(_REENT, path, flags, 0);
}

int _stat_r(struct _reent *reent, const char *path, struct stat *status) {
  if (!is_root(path))
    return result_r(reent, -missing(path));
  memset(status, 0, sizeof *status);
  status->st_mode = S_IFDIR | S_IRUSR | S_IXUSR;
  status->st_nlink = 1;
  status->st_ino = 1;
  status->st_blksize = PAGESIZE;
  return 0;
}

int lstat(const char *path, struct stat *status) { return _stat_r(_REENT, path, status); }

int fstatat(int folder, const char *path, struct stat *status, int flags) {
  (void)folder, (void)flags;
  return _stat_r(_REENT, path, status);
}

int _link_r(struct _reent *reent, const char *from, const char *to) {
  (void)to;
  return result_r(reent, -missing(from));
}

int _unlink_r(struct _reent *reent, const char *path) { return result_r(reent, -missing(path)); }

int unlinkat(int folder, const char *path, int flags) {
  (void)folder, (void)flags;
  return fails(missing(path));
}

int _rename_r(struct _reent *reent, const char *from, const char *to) {
  (void)to;
  return result_r(reent, -missing(from));
}

int _mkdir_r(struct _reent *reent, const char *path, int mode) {
  (void)mode;
  return result_r(reent, -unwritable(path));
}

int mkdir(const char *path, mode_t mode) { return _mkdir_r(_REENT, path, mode); }

int mkfifo(const char *path, mode_t mode) {
  (void)mode;
  return fails(unwritable(path));
}

int rmdir(const char *path) { return fails(missing(path)); }

int symlink(const char *to, const char *path) {
  (void)to;
  return fails(unwritable(path));
}

ssize_t readlink(const char *path, char *buffer, size_t length) {
  (void)buffer, (void)length;
  return fails(is_root(path) ? EINVAL : missing(path));
}

char *realpath(const char *path, char *buffer) {
  if (!is_root(path)) {
    errno = missing(path);
    return NULL;
  }
  if (buffer == NULL && (buffer = malloc(PATH_MAX)) == NULL)
    return NULL;
  return strcpy(buffer, "/");
}

int access(const char *path, int mode) {
  if (!is_root(path))
    return fails(missing(path));
  return mode & W_OK ? fails(EROFS) : 0;
}

int chdir(const char *path) { return is_root(path) ? 0 : fails(missing(path)); }

char *getcwd(char *buffer, size_t size) {
  if (buffer == NULL)
    return strdup("/");
  if (size < 2) {
    errno = size ? ERANGE : EINVAL;
    return NULL;
  }
  return strcpy(buffer, "/");
}

int chmod(const char *path, mode_t mode) {
  (void)mode;
  return fails(missing(path));
}

int fchmod(int fd, mode_t mode) {
  (void)mode;
  return fails(is_console(fd) ? EROFS : EBADF);
}

int chown(const char *path, uid_t user, gid_t group) {
  (void)user, (void)group;
  return fails(missing(path));
}

int lchown(const char *path, uid_t user, gid_t group) { return chown(path, user, group); }

int fchown(int fd, uid_t user, gid_t group) {
  (void)user, (void)group;
  return fails(is_console(fd) ? EROFS : EBADF);
}

int truncate(const char *path, off_t length) {
  (void)length;
  return fails(missing(path));
}

int ftruncate(int fd, off_t length) {
  (void)length;
  return fails(is_console(fd) ? EINVAL : EBADF);
}

int utime(const char *path, const struct utimbuf *times) {
  (void)times;
  return fails(missing(path));
}

int utimes(const char *path, const struct timeval *times) {
  (void)times;
  return fails(missing(path));
}

mode_t umask(mode_t mode) { return __atomic_exchange_n(&mask, mode & 0777, __ATOMIC_RELAXED); }

int getdents(int fd, void *buffer, int length) {
  (void)buffer, (void)length;
  return fails(is_console(fd) ? ENOTDIR : EBADF);
}
