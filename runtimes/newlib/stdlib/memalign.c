/* Aligned blocks: they come from the heap itself, and are freed as any. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>

#include "heap.h"

enum { PAGE = 4096 };

/* The heap counts on powers of two. */
static size_t power_of_two(size_t alignment) {
  return alignment <= GRAIN ? GRAIN : (size_t)1 << (64 - __builtin_clzl(alignment - 1));
}

void *_memalign_r(struct _reent *reent, size_t alignment, size_t request) {
  if (alignment > PTRDIFF_MAX / 2 || request > PTRDIFF_MAX / 2) {
    reent->_errno = ENOMEM;
    return NULL;
  }
  void *block;
  do {
    heap_lock();
    block = __heap_memalign(reent, power_of_two(alignment), request);
    heap_unlock();
  } while (block == NULL && __malloc_flush());
  return block;
}

void *_valloc_r(struct _reent *reent, size_t request) { return _memalign_r(reent, PAGE, request); }

void *_pvalloc_r(struct _reent *reent, size_t request) {
  if (request > PTRDIFF_MAX / 2) {
    reent->_errno = ENOMEM;
    return NULL;
  }
  return _memalign_r(reent, PAGE, (request + PAGE - 1) & ~(size_t)(PAGE - 1));
}
