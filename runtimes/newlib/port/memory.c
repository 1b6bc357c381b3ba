/* Memory: the break that malloc grows, and mappings. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include "port.h"

/* System calls that give a pointer give a small negative number on error. */
enum { MAX_ERRNO = 4095 };

static void *pointer_r(struct _reent *reent, void *value) {
  if ((uintptr_t)value < (uintptr_t)-MAX_ERRNO)
    return value;
  reent->_errno = -(int)(intptr_t)value;
  return (void *)-1;
}

void *_sbrk_r(struct _reent *reent, ptrdiff_t increment) { return pointer_r(reent, sys_sbrk(increment)); }

/* The heap keeps what it once took, for its next large block; a mapping that finds no other memory gets it. */
void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset) {
  void *place = sys_mmap(address, length, protection, flags, fd, offset);
  if ((intptr_t)place == -ENOMEM && _malloc_trim_r(_REENT, 0))
    place = sys_mmap(address, length, protection, flags, fd, offset);
  return pointer_r(_REENT, place);
}

int munmap(void *address, size_t length) { return result(sys_munmap(address, length)); }

int mprotect(void *address, size_t length, int protection) { return result(sys_mprotect(address, length, protection)); }

/* What is written to a file's memory is in the file at once. */
int msync(void *address, size_t length, int flags) {
  (void)length;
  int known = MS_ASYNC | MS_SYNC | MS_INVALIDATE;
  return (uintptr_t)address % (size_t)sys_getpagesize() || flags & ~known ? fails(EINVAL) : 0;
}

/* Nothing is ever paged out, so all memory is locked and every advice is taken as it is. */
int mlock(const void *address, size_t length) {
  (void)address, (void)length;
  return 0;
}

int munlock(const void *address, size_t length) { return mlock(address, length); }

int mlockall(int flags) {
  (void)flags;
  return 0;
}

int munlockall(void) { return 0; }

int madvise(void *address, size_t length, int advice) {
  (void)address, (void)length, (void)advice;
  return 0;
}

int posix_madvise(void *address, size_t length, int advice) { return madvise(address, length, advice); }

int getpagesize(void) { return sys_getpagesize(); }
