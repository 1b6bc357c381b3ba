/* malloc and free: a small block comes from the thread's own cache and goes there. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "heap.h"

void *malloc(size_t request) {
  void *block = cached(request);
  return likely(block != NULL) ? block : __malloc_slow(request);
}

void free(void *memory) {
  struct block *block = memory;
  if (block == NULL)
    return;
  size_t size = chunk_of(block)->size, bin_index = small_bin(size);
  struct bin *bin = &__malloc_cache.bins[bin_index];
  /* Whatever is odd here is looked at there; the heap itself clears the mark after a chunk that is free. */
  if (unlikely(((uintptr_t)block | (size & ~BEFORE_USED)) % GRAIN || bin_index >= SMALL_BINS || bin->room == 0 ||
               block->key == CACHED || !(chunk_after(block, size - size % GRAIN)->size & BEFORE_USED))) {
    __free_slow(block);
    return;
  }
  block->next = bin->first;
  block->key = CACHED;
  bin->first = block;
  bin->room--;
}
