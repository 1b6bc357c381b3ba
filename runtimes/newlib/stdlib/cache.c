/* Behind the fast paths of malloc: bins are filled from the heap and emptied into it, many blocks at a time. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <hermit/syscalls.h>
#include <stdlib.h>
#include <string.h>

#include "../port/state.h"
#include "heap.h"

__thread struct cache __malloc_cache;

/* What a thread keeps at most, by the guest's memory: a bin of small blocks, and all medium ones together. */
enum { SMALL_SHARE = 16384, SMALL_BYTES = 8192, SMALL_FEWEST = 2, SMALL_COUNT = 64 };
enum { MEDIUM_SHARE = 1024, MEDIUM_BYTES = 1 << 20, MEDIUM_COUNT = 8 };
enum { LINE = 64, FIRST_FILL = 512 }; /* bytes */

static size_t share(size_t divisor, size_t most) {
  size_t bytes = sys_memory_total() / divisor;
  return bytes < most ? bytes : most;
}

/* The smallest chunk of a bin. */
static size_t bin_chunk(size_t index) {
  if (index < SMALL_BINS)
    return (index + LEAST / GRAIN) * GRAIN;
  index -= SMALL_BINS;
  return (size_t)(STEPS + index % STEPS) << (FIRST_POWER - 3 + index / STEPS);
}

/* How far apart the bins are around a medium chunk. */
static size_t step(size_t chunk) { return (size_t)1 << (63 - 3 - __builtin_clzl(chunk)); }

/* The bin whose smallest chunk is the largest that is not larger than this one. */
static size_t bin_of(size_t chunk) {
  if (chunk <= SMALL_MOST)
    return small_bin(chunk);
  if (chunk < MEDIUM_LEAST || chunk >= MEDIUM_MOST)
    return NO_BIN;
  unsigned power = 63 - __builtin_clzl(chunk);
  return SMALL_BINS + (power - FIRST_POWER) * STEPS + chunk / step(chunk) % STEPS;
}

/* The bin all of whose chunks will do. */
static size_t bin_for(size_t chunk) {
  return bin_of(chunk <= SMALL_MOST ? chunk : (chunk + step(chunk) - 1) & -step(chunk));
}

static size_t capacity(size_t index) {
  if (index >= SMALL_BINS)
    return MEDIUM_COUNT;
  size_t count = share(SMALL_SHARE, SMALL_BYTES) / bin_chunk(index);
  return count < SMALL_FEWEST ? SMALL_FEWEST : count > SMALL_COUNT ? SMALL_COUNT : count;
}

static void push(size_t index, struct block *block) {
  struct bin *bin = &__malloc_cache.bins[index];
  block->next = bin->first;
  block->key = CACHED;
  bin->first = block;
  bin->room--;
  if (index >= SMALL_BINS)
    __malloc_cache.medium_bytes += chunk_size(block);
}

static struct block *pop(size_t index) {
  struct bin *bin = &__malloc_cache.bins[index];
  struct block *block = bin->first;
  bin->first = block->next;
  bin->room++;
  block->key = 0;
  if (index >= SMALL_BINS)
    __malloc_cache.medium_bytes -= chunk_size(block);
  return block;
}

/* Gives a list back; the caller holds the heap's lock. */
static void give_back(struct _reent *reent, struct block *block) {
  while (block != NULL) {
    struct block *next = block->next;
    if ((uintptr_t)block % GRAIN)
      __malloc_broken("free", "a freed block was written to");
    block->key = 0;
    __heap_free(reent, block);
    block = next;
  }
}

/* The older half goes: what was freed last may still be in the core's caches. */
static void halve(size_t index) {
  struct bin *bin = &__malloc_cache.bins[index];
  struct block *last = bin->first, *rest;
  size_t kept = 1, all = capacity(index);
  for (; kept < all / 2 && last->next != NULL; kept++)
    last = last->next;
  rest = last->next;
  last->next = NULL;
  for (struct block *block = rest; index >= SMALL_BINS && block != NULL; block = block->next)
    __malloc_cache.medium_bytes -= chunk_size(block);
  bin->room = all - kept;
  heap_lock();
  give_back(_REENT, rest);
  heap_unlock();
}

int __malloc_flush(void) {
  int found = 0;
  heap_lock();
  for (size_t i = 0; i < BINS; i++) {
    struct bin *bin = &__malloc_cache.bins[i];
    found |= bin->first != NULL;
    give_back(_REENT, bin->first);
    *bin = (struct bin){NULL, 0, 0};
  }
  __malloc_cache.medium_bytes = 0;
  heap_unlock();
  return found;
}

int _malloc_trim_r(struct _reent *reent, size_t pad) {
  __malloc_flush();
  heap_lock();
  int given = __heap_trim(reent, pad);
  heap_unlock();
  return given;
}

void __hermit_malloc_thread_end(void) {
  __malloc_flush();
  __malloc_cache.ended = 1;
}

static void *from_heap(size_t request) {
  void *block;
  do {
    heap_lock();
    block = __heap_malloc(_REENT, request);
    heap_unlock();
  } while (block == NULL && __malloc_flush());
  return block;
}

static struct chunk *at(struct chunk *chunk, size_t offset) { return (struct chunk *)((char *)chunk + offset); }

/* Neighbours, `count` chunks of `size` bytes, each marked as in use; NULL if memory is short. They begin and end with a
   cache line, the last one is larger for it: blocks of two threads in one line would be as slow as a lock. The caller
   holds the heap's. */
static struct chunk *run_of(size_t size, size_t count) {
  size_t bytes = (size * count + LINE - 1) & ~(size_t)(LINE - 1);
  void *memory = __heap_malloc(_REENT, bytes + LINE + GRAIN);
  if (memory == NULL)
    return NULL;
  struct chunk *chunk = chunk_of(memory);
  size_t all = chunk_size(memory), mark = chunk->size & BEFORE_USED, lead = -(uintptr_t)chunk % LINE;
  if (lead == GRAIN)
    lead += LINE; /* too little for a chunk */
  size_t rest = all - lead - bytes;
  if (rest < LEAST) {
    bytes += rest;
    rest = 0;
  }
  struct chunk *first = at(chunk, lead);
  for (size_t i = 0; i < count; i++)
    at(first, i * size)->size = size | BEFORE_USED;
  at(first, (count - 1) * size)->size += bytes - count * size;
  if (rest) {
    at(first, bytes)->size = rest | BEFORE_USED;
    __heap_free(_REENT, at(first, bytes) + 1);
  }
  chunk->size = (lead ? lead : chunk->size & ~(size_t)BEFORE_USED) | mark;
  if (lead)
    __heap_free(_REENT, memory);
  return first;
}

/* A block for the caller, and as many for its bin as the thread seems to need: each time twice as many as before, up to
   half of the bin. */
static void *refill(size_t index, size_t request) {
  struct bin *bin = &__malloc_cache.bins[index];
  size_t all = capacity(index), size = bin_chunk(index), count = bin->fill ? 2 * bin->fill : FIRST_FILL / size;
  count = count > all / 2 ? all / 2 : count < 1 ? 1 : count;
  bin->fill = count;
  bin->room = all;
  heap_lock();
  struct chunk *chunk = run_of(size, count);
  heap_unlock();
  if (chunk == NULL)
    return from_heap(request);
  bin->room -= count - 1;
  struct block **end = &bin->first;
  for (size_t i = 1; i < count; i++) {
    struct block *more = (struct block *)(at(chunk, i * size) + 1);
    *more = (struct block){NULL, CACHED};
    *end = more;
    end = &more->next;
  }
  return chunk + 1;
}

void *__malloc_slow(size_t request) {
  /* Of one thread, only small blocks are worth a list of their own: C++'s containers take and free them by thousands,
     and a run is carved faster than the heap is asked for each. */
  if (request >= MEDIUM_MOST || __malloc_cache.ended || (__libc_single_threaded && chunk_for(request) > SMALL_MOST))
    return from_heap(request);
  size_t index = bin_for(chunk_for(request));
  if (index == NO_BIN)
    return from_heap(request);
  if (__malloc_cache.bins[index].first != NULL)
    return pop(index);
  return index < SMALL_BINS ? refill(index, request) : from_heap(bin_chunk(index) - sizeof(size_t));
}

void *__calloc_slow(size_t request) {
  if (!__libc_single_threaded && request < MEDIUM_MOST) {
    void *block = __malloc_slow(request);
    return block != NULL ? memset(block, 0, request) : NULL;
  }
  void *block;
  do {
    heap_lock();
    block = __heap_calloc(_REENT, 1, request); /* does not clear what is fresh */
    heap_unlock();
  } while (block == NULL && __malloc_flush());
  return block;
}

/* Medium blocks are kept where that spares the lock, as long as all of them together are not too much. */
static int keeps(size_t index, size_t size) {
  if (index == NO_BIN || __malloc_cache.ended)
    return 0;
  return index < SMALL_BINS || (!__libc_single_threaded &&
                                __malloc_cache.medium_bytes + size <= share(MEDIUM_SHARE, MEDIUM_BYTES));
}

void __free_slow(void *memory) {
  struct block *block = memory;
  size_t size = __malloc_checked(block, "free"), index = bin_of(size);
  struct bin *bin = &__malloc_cache.bins[index];
  if (!keeps(index, size)) {
    heap_lock();
    __heap_free(_REENT, block);
    heap_unlock();
    return;
  }
  if (bin->room == 0 && bin->first != NULL)
    halve(index);
  else if (bin->room == 0)
    bin->room = capacity(index);
  push(index, block);
}
