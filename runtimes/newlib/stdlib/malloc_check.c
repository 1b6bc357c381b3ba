/* Misuse of malloc's family, found where that is cheap: one line, and the program ends as by abort(). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <hermit/syscalls.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"

void __malloc_broken(const char *caller, const char *what) {
  char line[128] = "";
  /* no stream: the heap cannot be relied on */
  strlcat(line, caller, sizeof line);
  strlcat(line, "(): ", sizeof line);
  strlcat(line, what, sizeof line);
  strlcat(line, "\n", sizeof line);
  sys_write(2, line, strlen(line));
  abort();
}

/* Freed blocks carry a key, which a program's data could hold by chance: only one that is really in the bin counts. */
static int in_cache(const struct block *block) {
  for (size_t i = 0; i < BINS; i++)
    for (const struct block *other = __malloc_cache.bins[i].first; other != NULL; other = other->next)
      if (other == block)
        return 1;
  return 0;
}

size_t __malloc_checked(const void *memory, const char *caller) {
  const struct block *block = memory;
  size_t arena = __atomic_load_n(&__malloc_current_mallinfo.arena, __ATOMIC_RELAXED);
  size_t into = (size_t)((uintptr_t)chunk_of(block) - (uintptr_t)__malloc_sbrk_base); /* huge below the heap */
  if ((uintptr_t)block % GRAIN || into >= arena)
    __malloc_broken(caller, "invalid pointer");
  size_t size = chunk_of(block)->size & ~(size_t)BEFORE_USED;
  if (size % GRAIN || size < LEAST || size >= arena - into)
    __malloc_broken(caller, "invalid pointer, or something was written before the block");
  if (block->key == CACHED && in_cache(block))
    __malloc_broken(caller, "double free detected");
  if (!(chunk_after(block, size)->size & BEFORE_USED))
    __malloc_broken(caller, "double free detected, or something was written beyond the block");
  return size;
}
