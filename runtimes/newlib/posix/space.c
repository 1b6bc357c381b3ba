/* How much a file system holds: files that are written live in memory. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

#include "../port/port.h"

enum { TMPFS = 0x01021994 /* Linux's number of such a file system */ };

static int fill(struct statvfs *space) {
  unsigned long page = (unsigned long)sys_getpagesize();
  fsblkcnt_t all = sys_memory_total() / page, free = sys_memory_free() / page;
  *space = (struct statvfs){.f_bsize = page, .f_frsize = page, .f_blocks = all, .f_bfree = free, .f_bavail = free,
                            .f_files = (fsfilcnt_t)all, .f_ffree = (fsfilcnt_t)free, .f_favail = (fsfilcnt_t)free,
                            .f_namemax = NAME_MAX};
  return 0;
}

int statvfs(const char *restrict path, struct statvfs *restrict space) {
  struct stat status;
  return stat(path, &status) < 0 ? -1 : fill(space);
}

int fstatvfs(int fd, struct statvfs *space) {
  struct stat status;
  return fstat(fd, &status) < 0 ? -1 : fill(space);
}

static int older(const struct statvfs *from, struct statfs *to) {
  *to = (struct statfs){.f_type = TMPFS, .f_bsize = (long)from->f_bsize, .f_blocks = from->f_blocks,
                        .f_bfree = from->f_bfree, .f_bavail = from->f_bavail, .f_files = from->f_files,
                        .f_ffree = from->f_ffree, .f_namelen = (long)from->f_namemax, .f_frsize = (long)from->f_frsize};
  return 0;
}

int statfs(const char *path, struct statfs *space) {
  struct statvfs found;
  return statvfs(path, &found) < 0 ? -1 : older(&found, space);
}

int fstatfs(int fd, struct statfs *space) {
  struct statvfs found;
  return fstatvfs(fd, &found) < 0 ? -1 : older(&found, space);
}
