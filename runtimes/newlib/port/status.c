/* What is known of files beside their content, and changing it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#include "port.h"

enum { NS_PER_US = 1000, US_PER_S = 1000000 };

static struct timespec time_of(const struct sys_time *time) {
  return (struct timespec){.tv_sec = time->seconds, .tv_nsec = time->nanoseconds};
}

/* The kernel's answer as newlib has it; gives the call's result. */
static int take(int done, const struct sys_stat *from, struct stat *to) {
  if (done < 0)
    return done;
  *to = (struct stat){
      .st_dev = from->device,
      .st_ino = from->number,
      .st_mode = from->mode,
      .st_nlink = from->links,
      .st_uid = from->user,
      .st_gid = from->group,
      .st_rdev = from->special,
      .st_size = from->size,
      .st_blksize = from->block_size,
      .st_blocks = from->blocks,
      .st_atim = time_of(&from->accessed),
      .st_mtim = time_of(&from->modified),
      .st_ctim = time_of(&from->changed),
  };
  return 0;
}

int _fstat_r(struct _reent *reent, int fd, struct stat *status) {
  struct sys_stat found;
  return result_r(reent, take(sys_fstat(fd, &found), &found, status));
}

static int look(int folder, const char *path, struct stat *status, int flags) {
  struct sys_stat found;
  return take(sys_fstatat(folder, path, &found, flags), &found, status);
}

int _stat_r(struct _reent *reent, const char *path, struct stat *status) {
  return result_r(reent, look(AT_FDCWD, path, status, 0));
}

int lstat(const char *path, struct stat *status) {
  return result(look(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW));
}

int fstatat(int folder, const char *path, struct stat *status, int flags) {
  return result(look(folder, path, status, flags));
}

int fchmodat(int folder, const char *path, mode_t mode, int flags) {
  return result(sys_fchmodat(folder, path, mode, flags));
}

int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }

int lchmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, AT_SYMLINK_NOFOLLOW); }

int fchmod(int fd, mode_t mode) { return result(sys_fchmod(fd, mode)); }

int fchownat(int folder, const char *path, uid_t user, gid_t group, int flags) {
  return result(sys_fchownat(folder, path, user, group, flags));
}

int chown(const char *path, uid_t user, gid_t group) { return fchownat(AT_FDCWD, path, user, group, 0); }

int lchown(const char *path, uid_t user, gid_t group) {
  return fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW);
}

int fchown(int fd, uid_t user, gid_t group) { return result(sys_fchown(fd, user, group)); }

/* struct timespec with UTIME_NOW and UTIME_OMIT as the kernel has them. */
static const struct sys_time *times_of(const struct timespec from[2], struct sys_time to[2]) {
  if (from == NULL)
    return NULL;
  for (int i = 0; i < 2; i++)
    to[i] = (struct sys_time){.seconds = from[i].tv_sec, .nanoseconds = from[i].tv_nsec};
  return to;
}

int utimensat(int folder, const char *path, const struct timespec *times, int flags) {
  struct sys_time kept[2];
  return result(sys_utimensat(folder, path, times_of(times, kept), flags));
}

int futimens(int fd, const struct timespec *times) {
  struct sys_time kept[2];
  return result(sys_futimens(fd, times_of(times, kept)));
}

/* From microseconds; 0, or -EINVAL. */
static int from_us(const struct timeval from[2], struct timespec to[2]) {
  for (int i = 0; i < 2; i++) {
    if (from[i].tv_usec < 0 || from[i].tv_usec >= US_PER_S)
      return -EINVAL;
    to[i] = (struct timespec){.tv_sec = from[i].tv_sec, .tv_nsec = from[i].tv_usec * NS_PER_US};
  }
  return 0;
}

static int set_us(int folder, const char *path, const struct timeval times[2], int flags) {
  struct timespec exact[2];
  if (times && from_us(times, exact) < 0)
    return fails(EINVAL);
  return utimensat(folder, path, times ? exact : NULL, flags);
}

int utimes(const char *path, const struct timeval *times) { return set_us(AT_FDCWD, path, times, 0); }

int lutimes(const char *path, const struct timeval *times) {
  return set_us(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

int futimesat(int folder, const char *path, const struct timeval times[2]) { return set_us(folder, path, times, 0); }

int futimes(int fd, const struct timeval *times) {
  struct timespec exact[2];
  if (times && from_us(times, exact) < 0)
    return fails(EINVAL);
  return futimens(fd, times ? exact : NULL);
}

int utime(const char *path, const struct utimbuf *times) {
  if (times == NULL)
    return utimensat(AT_FDCWD, path, NULL, 0);
  struct timespec exact[2] = {{.tv_sec = times->actime}, {.tv_sec = times->modtime}};
  return utimensat(AT_FDCWD, path, exact, 0);
}
