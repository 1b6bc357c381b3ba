/* Paths: opening, naming, removing. Each is one system call; those without a folder are seen from the working directory. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "blocking.h"
#include "port.h"

/* A cancellation point: a FIFO waits for its other end. */
static int open_at(int folder, const char *path, int flags, int mode) {
  return blocking((hermit_call)sys_openat, folder, (long)path, flags, mode);
}

int _open_r(struct _reent *reent, const char *path, int flags, int mode) {
  return result_r(reent, open_at(AT_FDCWD, path, flags, mode));
}

int _open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int mode = va_arg(list, int);
  va_end(list);
  return _open_r(_REENT, path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  int mode = va_arg(list, int);
  va_end(list);
  return result(open_at(folder, path, flags, mode));
}

int linkat(int from, const char *path, int to, const char *name, int flags) {
  return result(flags & ~AT_SYMLINK_FOLLOW ? -EINVAL : sys_linkat(from, path, to, name, flags));
}

int _link_r(struct _reent *reent, const char *path, const char *name) {
  return result_r(reent, sys_linkat(AT_FDCWD, path, AT_FDCWD, name, 0));
}

int unlinkat(int folder, const char *path, int flags) { return result(sys_unlinkat(folder, path, flags)); }

int _unlink_r(struct _reent *reent, const char *path) {
  return result_r(reent, sys_unlinkat(AT_FDCWD, path, 0));
}

int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int _remove_r(struct _reent *reent, const char *path) {
  int done = sys_unlinkat(AT_FDCWD, path, 0);
  return result_r(reent, done == -EISDIR ? sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR) : done);
}

int remove(const char *path) { return _remove_r(_REENT, path); }

int renameat(int from, const char *path, int to, const char *name) {
  return result(sys_renameat(from, path, to, name, 0));
}

int _rename_r(struct _reent *reent, const char *path, const char *name) {
  return result_r(reent, sys_renameat(AT_FDCWD, path, AT_FDCWD, name, 0));
}

int mkdirat(int folder, const char *path, mode_t mode) { return result(sys_mkdirat(folder, path, mode)); }

int _mkdir_r(struct _reent *reent, const char *path, int mode) {
  return result_r(reent, sys_mkdirat(AT_FDCWD, path, mode));
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int mknodat(int folder, const char *path, mode_t mode, dev_t device) {
  (void)device;
  return result(sys_mknodat(folder, path, mode));
}

int mknod(const char *path, mode_t mode, dev_t device) { return mknodat(AT_FDCWD, path, mode, device); }

int mkfifoat(int folder, const char *path, mode_t mode) {
  return mknodat(folder, path, (mode & ~S_IFMT) | S_IFIFO, 0);
}

int mkfifo(const char *path, mode_t mode) { return mkfifoat(AT_FDCWD, path, mode); }

int symlinkat(const char *target, int folder, const char *path) {
  return result(sys_symlinkat(target, folder, path));
}

int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }

ssize_t readlinkat(int folder, const char *path, char *buffer, size_t length) {
  return result(sys_readlinkat(folder, path, buffer, length));
}

ssize_t readlink(const char *path, char *buffer, size_t length) {
  return readlinkat(AT_FDCWD, path, buffer, length);
}

int faccessat(int folder, const char *path, int mode, int flags) {
  return result(sys_faccessat(folder, path, mode, flags & ~AT_EACCESS));
}

int access(const char *path, int mode) { return faccessat(AT_FDCWD, path, mode, 0); }

int euidaccess(const char *path, int mode) { return faccessat(AT_FDCWD, path, mode, 0); }

int eaccess(const char *path, int mode) { return faccessat(AT_FDCWD, path, mode, 0); }

int truncate(const char *path, off_t length) { return result(sys_truncate(path, length)); }

mode_t umask(mode_t mode) { return sys_umask(mode); }
