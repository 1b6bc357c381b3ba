/* The lock of malloc's heap, for programs with threads. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <hermit/syscalls.h>

#include "heap.h"

enum { FREE, HELD, WAITED }; /* WAITED: held, and the release must wake */

static volatile uint32_t word;

void __malloc_lock(struct _reent *reent) {
  uint32_t expected = FREE;
  (void)reent;
  if (likely(__atomic_compare_exchange_n(&word, &expected, HELD, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)))
    return;
  while (__atomic_exchange_n(&word, WAITED, __ATOMIC_ACQUIRE) != FREE)
    sys_futex_wait(&word, WAITED, NULL);
}

void __malloc_unlock(struct _reent *reent) {
  (void)reent;
  if (unlikely(__atomic_exchange_n(&word, FREE, __ATOMIC_RELEASE) == WAITED))
    sys_futex_wake(&word, 1);
}
