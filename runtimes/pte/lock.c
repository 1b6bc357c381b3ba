/* The contended side of the library's short locks: 0 free, 1 held, 2 held and the release must wake. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

enum { FREE, WAITED = 2 };

void __pte_lock_slow(volatile uint32_t *word) {
  static unsigned int history;
  if (__pte_spin_lock(word, &history))
    return;
  while (__atomic_exchange_n(word, WAITED, __ATOMIC_ACQUIRE) != FREE)
    sys_futex_wait(word, WAITED, NULL);
}

void __pte_unlock_slow(volatile uint32_t *word) {
  __atomic_store_n(word, FREE, __ATOMIC_RELEASE);
  sys_futex_wake(word, 1); /* the lock may be gone: the kernel needs its address alone */
}
