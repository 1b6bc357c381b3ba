/* malloc's family as newlib itself calls it: with the state of the calling thread, whose errno is the one that is set. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "heap.h"

void *_malloc_r(struct _reent *reent, size_t request) {
  (void)reent;
  return malloc(request);
}

void _free_r(struct _reent *reent, void *block) {
  (void)reent;
  free(block);
}

void *_calloc_r(struct _reent *reent, size_t count, size_t size) {
  (void)reent;
  return calloc(count, size);
}

void *_realloc_r(struct _reent *reent, void *block, size_t request) {
  (void)reent;
  return realloc(block, request);
}
