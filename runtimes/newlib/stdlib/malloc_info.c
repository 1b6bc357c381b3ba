/* What malloc tells about itself and lets be set. The heap first gets what the calling thread's cache holds. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "heap.h"

struct mallinfo _mallinfo_r(struct _reent *reent) {
  __malloc_flush();
  heap_lock();
  struct mallinfo info = __heap_mallinfo(reent);
  heap_unlock();
  return info;
}

void _malloc_stats_r(struct _reent *reent) {
  struct mallinfo info = _mallinfo_r(reent);
  fprintf(stderr, "max system bytes = %10lu\nsystem bytes     = %10zu\nin use bytes     = %10zu\n", __malloc_max_total_mem,
          info.arena, info.uordblks);
}

int _mallopt_r(struct _reent *reent, int name, int value) {
  heap_lock();
  int known = __heap_mallopt(reent, name, value);
  heap_unlock();
  return known;
}
