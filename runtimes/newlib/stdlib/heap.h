/* What the files of malloc share: newlib's heap under its lock, and the caches of each thread before it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef HEAP_H
#define HEAP_H

#include <malloc.h>
#include <reent.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/single_threaded.h>

/* Ways to say what is usual. */
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* newlib's malloc by the names that our patch gives it; the caller holds the heap's lock. */
void *__heap_malloc(struct _reent *, size_t);
void __heap_free(struct _reent *, void *);
void *__heap_realloc(struct _reent *, void *, size_t);
void *__heap_calloc(struct _reent *, size_t, size_t);
void *__heap_memalign(struct _reent *, size_t, size_t);
struct mallinfo __heap_mallinfo(struct _reent *);
int __heap_mallopt(struct _reent *, int, int);
int __heap_trim(struct _reent *, size_t);
extern char *__malloc_sbrk_base;                  /* where it begins; (char *)-1 before the first block */
extern struct mallinfo __malloc_current_mallinfo; /* arena is always how far it goes */
extern unsigned long __malloc_max_total_mem;

/* The heap's lock: taken without any call where it is free, and not at all before the first thread. It is not recursive,
   and whoever holds it calls nothing but the heap. */
static inline void heap_lock(void) {
  if (!__libc_single_threaded)
    __malloc_lock(NULL);
}

static inline void heap_unlock(void) {
  if (!__libc_single_threaded)
    __malloc_unlock(NULL);
}

/* The heap's chunks: a block is what follows the size in one, up to and with the first word of the next chunk. */
struct chunk {
  size_t before; /* the last word of the chunk before, or, if that is free, its size */
  size_t size;   /* a multiple of GRAIN; BEFORE_USED: the chunk before is not free */
};
enum { GRAIN = 16, LEAST = 32, BEFORE_USED = 1 };

/* A block in a cache, for the heap still in use. */
struct block {
  struct block *next;
  uintptr_t key; /* CACHED: this is, or very much looks like, a block that was freed already */
};
#define CACHED ((uintptr_t)0x9e3779b97f4a7c15)

/* Chunks up to SMALL_MOST have a bin for every size. Above, up to MEDIUM_MOST, there are STEPS bins from each power of
   two to the next, which serve only programs with threads: requests are rounded up to them. */
enum { SMALL_BINS = 64, SMALL_MOST = (SMALL_BINS + 1) * GRAIN };
enum { STEPS = 8, FIRST_POWER = 10, LAST_POWER = 14 };
enum { MEDIUM_LEAST = (STEPS + 1) << (FIRST_POWER - 3), MEDIUM_MOST = 2 << LAST_POWER };
enum { BINS = SMALL_BINS + (LAST_POWER - FIRST_POWER + 1) * STEPS, NO_BIN = BINS };

struct bin {
  struct block *first;
  uint16_t room; /* how many more blocks may come; 0 also before the first use */
  uint16_t fill; /* how many the last refill brought */
};

/* The calling thread's own: nobody else ever looks at it, so there is no lock and nothing atomic. */
struct cache {
  struct bin bins[BINS];
  size_t medium_bytes; /* of all medium chunks in it */
  int ended;           /* the thread is about to end: nothing may come any more */
};
extern __thread struct cache __malloc_cache __attribute__((tls_model("local-exec")));

static inline struct chunk *chunk_of(const void *block) { return (struct chunk *)block - 1; }

static inline size_t chunk_size(const void *block) { return chunk_of(block)->size & ~(size_t)(GRAIN - 1); }

static inline struct chunk *chunk_after(const void *block, size_t size) {
  return (struct chunk *)((char *)chunk_of(block) + size);
}

/* The chunk that a request needs; it must not be larger than PTRDIFF_MAX. */
static inline size_t chunk_for(size_t request) {
  size_t size = (request + sizeof(size_t) + GRAIN - 1) & ~(size_t)(GRAIN - 1);
  return size < LEAST ? LEAST : size;
}

/* Bin of a small chunk; SMALL_BINS or more for all others. */
static inline size_t small_bin(size_t chunk) { return chunk / GRAIN - LEAST / GRAIN; }

/* For what the fast paths do not find. */
void *__malloc_slow(size_t request);
void *__calloc_slow(size_t request);
void __free_slow(void *block);

/* Gives all that the calling thread's cache holds back to the heap; 0 if there was nothing. */
int __malloc_flush(void);

/* The size of a chunk that is given back or resized. Ends the program with a line if it cannot be one. */
size_t __malloc_checked(const void *block, const char *caller);

/* One line, and the end. */
void __malloc_broken(const char *caller, const char *what) __attribute__((__noreturn__));

/* A small block of the cache, or NULL. */
static inline void *cached(size_t request) {
  /* chunk_for, without the branches that only large requests need */
  size_t bin_index = (request < LEAST - sizeof(size_t) ? 0 : (request - (sizeof(size_t) + 1)) / GRAIN);
  if (unlikely(bin_index >= SMALL_BINS))
    return NULL;
  struct bin *bin = &__malloc_cache.bins[bin_index];
  struct block *block = bin->first;
  if (unlikely(block == NULL))
    return NULL;
  if (unlikely((uintptr_t)block % GRAIN))
    __malloc_broken("malloc", "a freed block was written to");
  bin->first = block->next;
  bin->room++;
  block->key = 0;
  return block;
}

#endif
