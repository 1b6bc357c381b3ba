/* Barriers. Whoever leaves says so last of all, and destroy waits for that: the memory may be reused right after. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <string.h>

#include "pte.h"

#define DESTROYING 0x80000000u /* in `inside`: who leaves last wakes the destroyer */

int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr, unsigned int count) {
  (void)attr;
  if (count == 0 || count > INT_MAX)
    return EINVAL;
  memset(barrier, 0, sizeof *barrier);
  barrier->__b.__count = count;
  return 0;
}

int pthread_barrier_destroy(pthread_barrier_t *barrier) {
  volatile uint32_t *inside = &barrier->__b.__inside;
  if (barrier->__b.__count == 0)
    return EINVAL;
  if (__atomic_load_n(&barrier->__b.__arrived, __ATOMIC_ACQUIRE) % barrier->__b.__count != 0)
    return EBUSY;
  uint32_t left = __atomic_or_fetch(inside, DESTROYING, __ATOMIC_ACQ_REL);
  while (left != DESTROYING) {
    __pte_wait(inside, left, NULL, 0);
    left = __atomic_load_n(inside, __ATOMIC_ACQUIRE);
  }
  barrier->__b.__count = 0;
  return 0;
}

static void leave(pthread_barrier_t *barrier) {
  volatile uint32_t *inside = &barrier->__b.__inside;
  if (__atomic_sub_fetch(inside, 1, __ATOMIC_ACQ_REL) == DESTROYING)
    sys_futex_wake(inside, 1);
}

/* `seen`: how many rounds are over. The next one's may have begun before that of this one is told. */
static int is_over(uint32_t seen, uint32_t round) { return (int32_t)(seen - round) > 0; }

static void await_round(pthread_barrier_t *barrier, uint32_t round) {
  volatile uint32_t *word = &barrier->__b.__round;
  uint32_t seen = __atomic_load_n(word, __ATOMIC_ACQUIRE);
  if (is_over(seen, round))
    return;
  if (__pte_spin(word, seen, &barrier->__b.__spins) && is_over(__atomic_load_n(word, __ATOMIC_ACQUIRE), round))
    return;
  __atomic_add_fetch(&barrier->__b.__sleepers, 1, __ATOMIC_SEQ_CST);
  while (!is_over(seen = __atomic_load_n(word, __ATOMIC_SEQ_CST), round))
    __pte_wait(word, seen, NULL, 0);
  __atomic_sub_fetch(&barrier->__b.__sleepers, 1, __ATOMIC_RELAXED);
}

/* One operation tells the round and the place in it: there may be more threads than a round takes. */
int pthread_barrier_wait(pthread_barrier_t *barrier) {
  uint32_t count = barrier->__b.__count;
  if (count == 0)
    return EINVAL;
  __atomic_add_fetch(&barrier->__b.__inside, 1, __ATOMIC_RELAXED);
  unsigned long before = __atomic_fetch_add(&barrier->__b.__arrived, 1, __ATOMIC_ACQ_REL);
  if (before % count + 1 < count) {
    await_round(barrier, (uint32_t)(before / count));
    leave(barrier);
    return 0;
  }
  __atomic_add_fetch(&barrier->__b.__round, 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&barrier->__b.__sleepers, __ATOMIC_SEQ_CST))
    sys_futex_wake(&barrier->__b.__round, INT_MAX);
  leave(barrier);
  return PTHREAD_BARRIER_SERIAL_THREAD;
}

int pthread_barrierattr_init(pthread_barrierattr_t *attr) {
  attr->__pshared = PTHREAD_PROCESS_PRIVATE;
  return 0;
}

int pthread_barrierattr_destroy(pthread_barrierattr_t *attr) {
  attr->__pshared = -1;
  return 0;
}

int pthread_barrierattr_getpshared(const pthread_barrierattr_t *attr, int *shared) {
  *shared = attr->__pshared;
  return 0;
}

int pthread_barrierattr_setpshared(pthread_barrierattr_t *attr, int shared) {
  if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
    return EINVAL;
  attr->__pshared = shared;
  return 0;
}
