/* realloc: in place if the chunk allows it, small blocks by the caches, large ones by the heap. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"

/* Whether a chunk is what the request would get anyhow; a medium one may have been rounded up. */
static int fits(size_t have, size_t need) {
  if (need > have)
    return 0;
  size_t slack = __libc_single_threaded || have <= SMALL_MOST || have >= MEDIUM_MOST ? LEAST : have / STEPS;
  return have - need < slack;
}

static void *moved(void *block, size_t have, size_t request) {
  void *place = malloc(request);
  if (place == NULL)
    return NULL;
  have -= sizeof(size_t);
  memcpy(place, block, have < request ? have : request);
  free(block);
  return place;
}

void *realloc(void *block, size_t request) {
  if (block == NULL)
    return malloc(request);
  if (request > PTRDIFF_MAX) {
    errno = ENOMEM;
    return NULL;
  }
  size_t have = __malloc_checked(block, "realloc"), need = chunk_for(request);
  if (fits(have, need))
    return block;
  if (have <= SMALL_MOST && need <= SMALL_MOST) {
    void *place = moved(block, have, request);
    return place != NULL || need > have ? place : block; /* to shrink never fails */
  }
  void *place;
  do {
    heap_lock();
    place = __heap_realloc(_REENT, block, request);
    heap_unlock();
  } while (place == NULL && __malloc_flush());
  return place;
}
