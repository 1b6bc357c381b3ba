/* calloc: clears what was asked for, and not what the heap took fresh from the kernel. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "heap.h"

void *calloc(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = cached(bytes);
  if (likely(block != NULL))
    return memset(block, 0, bytes);
  return __calloc_slow(bytes);
}
