/* Spin locks: the holder's thread id, or 0. Where threads outnumber cores, who spins lets others run now and then. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

enum { DESTROYED = -1, SPINS = 1000 };

int pthread_spin_init(pthread_spinlock_t *lock, int shared) {
  if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
    return EINVAL;
  __atomic_store_n(lock, 0, __ATOMIC_RELAXED);
  return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock) {
  if (*lock)
    return *lock == DESTROYED ? EINVAL : EBUSY;
  *lock = DESTROYED;
  return 0;
}

int pthread_spin_trylock(pthread_spinlock_t *lock) {
  int expected = 0;
  if (__atomic_compare_exchange_n(lock, &expected, own_tid(), 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return 0;
  return expected == DESTROYED ? EINVAL : EBUSY;
}

int pthread_spin_lock(pthread_spinlock_t *lock) {
  int me = own_tid(), seen = 0;
  if (__atomic_compare_exchange_n(lock, &seen, me, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return 0;
  if (seen == me || seen == DESTROYED)
    return seen == me ? EDEADLK : EINVAL;
  for (unsigned int spins = 1;; spins++) {
    seen = 0;
    if (*lock == 0 && __atomic_compare_exchange_n(lock, &seen, me, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return 0;
    __builtin_ia32_pause();
    if (spins % SPINS == 0)
      sys_yield();
  }
}

int pthread_spin_unlock(pthread_spinlock_t *lock) {
  __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
  return 0;
}
