/* mremap(), of memory that no file is behind. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

#include "../port/port.h"

/* A new mapping, unless the old one shrinks; pages are copied, as no others can share them. */
void *mremap(void *start, size_t old, size_t new, int flags, ...) {
  size_t page = (size_t)sys_getpagesize();
  old = (old + page - 1) & -page, new = (new + page - 1) & -page;
  if ((uintptr_t)start % page || new == 0 || flags & ~MREMAP_MAYMOVE)
    return fails(EINVAL), MAP_FAILED;
  if (new <= old) {
    if (new < old)
      munmap((char *)start + new, old - new);
    return start;
  }
  if (!(flags & MREMAP_MAYMOVE))
    return fails(ENOMEM), MAP_FAILED;
  void *moved = mmap(NULL, new, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  if (moved != MAP_FAILED) {
    memcpy(moved, start, old);
    munmap(start, old);
  }
  return moved;
}
