/* The lock of malloc's heap, for programs with threads. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <hermit/syscalls.h>

#include "heap.h"

enum { FREE, HELD, WAITED }; /* WAITED: held, and the release must wake */
enum { LOOKS = 16 };         /* at the lock for one at the clock */

static volatile uint32_t word;

static int take_free(void) {
  uint32_t expected = FREE;
  return word == FREE && __atomic_compare_exchange_n(&word, &expected, HELD, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

/* The holder is done within a microsecond, unless its core took it off: much sooner than a thread is woken. */
static int take_spinning(void) {
  uint64_t most = sys_spin_ns();
  if (most == 0)
    return 0;
  uint64_t end = sys_get_ticks() + most;
  do
    for (int i = 0; i < LOOKS; i++) {
      if (take_free())
        return 1;
      __builtin_ia32_pause();
    }
  while (sys_get_ticks() < end);
  return 0;
}

void __malloc_lock(struct _reent *reent) {
  (void)reent;
  if (likely(take_free()) || take_spinning())
    return;
  while (__atomic_exchange_n(&word, WAITED, __ATOMIC_ACQUIRE) != FREE)
    sys_futex_wait(&word, WAITED, NULL);
}

void __malloc_unlock(struct _reent *reent) {
  (void)reent;
  if (unlikely(__atomic_exchange_n(&word, FREE, __ATOMIC_RELEASE) == WAITED))
    sys_futex_wake(&word, 1);
}
