/* Robust mutexes and those whose owner inherits its waiters' priority: their word holds the owner's thread id, so that
   it is known at any moment whom to boost, and whose death frees it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>

#include "pte.h"

#define WAITERS 0x80000000u /* the release must wake one */
#define DIED 0x40000000u    /* the last owner ended and left it locked */
#define OWNER 0x3fffffffu

/* Boosting, and the release of a mutex that has waiters: an owner is not boosted after it took its boost off. */
static volatile uint32_t boost_lock;

int __pte_owned_by(const pthread_mutex_t *mutex) {
  return (int)(__atomic_load_n(&mutex->__m.__word, __ATOMIC_RELAXED) & OWNER);
}

static void link_robust(pthread_mutex_t *mutex) {
  struct robust *list = &__pte_self.robust;
  mutex->__m.__before = NULL;
  mutex->__m.__after = list->first;
  if (list->first)
    list->first->__m.__before = mutex;
  list->first = mutex;
}

static void unlink_robust(pthread_mutex_t *mutex) {
  pthread_mutex_t *before = mutex->__m.__before, *after = mutex->__m.__after;
  if (before)
    before->__m.__after = after;
  else
    __pte_self.robust.first = after;
  if (after)
    after->__m.__before = before;
}

/* Free the word and wake whom that concerns; at most the address is used afterwards. */
static void release(pthread_mutex_t *mutex, uint32_t left, int wake) {
  volatile uint32_t *word = &mutex->__m.__word;
  if (__atomic_exchange_n(word, left, __ATOMIC_RELEASE) & WAITERS)
    sys_futex_wake(word, wake);
}

/* The caller just got it; what that means for a robust one. */
static int taken(pthread_mutex_t *mutex, uint32_t before) {
  if (mutex->__m.__kind & MUTEX_UNUSABLE) {
    release(mutex, 0, INT_MAX);
    return ENOTRECOVERABLE;
  }
  if (mutex->__m.__kind & MUTEX_INHERIT)
    __pte_self.inheriting++;
  if (mutex->__m.__kind & MUTEX_ROBUST)
    link_robust(mutex);
  if (!(before & DIED))
    return 0;
  mutex->__m.__count = 0;
  mutex->__m.__kind |= MUTEX_LOST;
  return EOWNERDEAD;
}

/* Lend the owner the caller's priority, unless the word changed meanwhile. */
static void boost(pthread_mutex_t *mutex, uint32_t word) {
  lock(&boost_lock);
  if (mutex->__m.__word == word)
    sys_sched_boost((int)(word & OWNER), own_tid());
  unlock(&boost_lock);
}

/* Sleep while the owner that was seen holds it. */
static int wait_owned(pthread_mutex_t *mutex, uint32_t seen, const struct until *until) {
  volatile uint32_t *word = &mutex->__m.__word;
  if (!(seen & WAITERS) &&
      !__atomic_compare_exchange_n(word, &seen, seen | WAITERS, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
    return 0;
  if (mutex->__m.__kind & MUTEX_INHERIT)
    boost(mutex, seen | WAITERS);
  return __pte_wait(word, seen | WAITERS, until, 0);
}

int __pte_owned_lock(pthread_mutex_t *mutex, const struct until *until, int try) {
  volatile uint32_t *word = &mutex->__m.__word;
  uint32_t me = (uint32_t)own_tid(), slept = 0, spun = 0;
  for (;;) {
    uint32_t seen = __atomic_load_n(word, __ATOMIC_RELAXED);
    if ((seen & OWNER) == 0) {
      if (__atomic_compare_exchange_n(word, &seen, me | (seen & WAITERS) | slept, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return taken(mutex, seen);
      continue;
    }
    if (try)
      return EBUSY;
    int error = until && !slept ? until_error(until) : 0;
    if (error)
      return error;
    if (!spun++ && __pte_spin(word, seen, &mutex->__m.__spins))
      continue;
    error = wait_owned(mutex, seen, until);
    slept = WAITERS; /* others may sleep as well */
    if (error == ETIMEDOUT)
      return error;
  }
}

/* The boost stays until the last such mutex is given up: which of them it was for is not known. */
static void unboost(void) {
  struct pthread *self = &__pte_self;
  if (self->boosted && self->inheriting == 0) {
    self->boosted = 0;
    sys_sched_unboost();
  }
}

static void unlock_inheriting(pthread_mutex_t *mutex) {
  volatile uint32_t *word = &mutex->__m.__word;
  uint32_t expected = (uint32_t)own_tid();
  __pte_self.inheriting--;
  if (!__atomic_compare_exchange_n(word, &expected, 0, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
    lock(&boost_lock);
    __atomic_store_n(word, 0, __ATOMIC_RELEASE);
    __pte_self.boosted = 1;
    unlock(&boost_lock);
    sys_futex_wake(word, 1);
  }
  unboost();
}

void __pte_owned_unlock(pthread_mutex_t *mutex) {
  int unusable = mutex->__m.__kind & MUTEX_LOST;
  if (mutex->__m.__kind & MUTEX_ROBUST)
    unlink_robust(mutex);
  if (unusable) {
    if (mutex->__m.__kind & MUTEX_INHERIT)
      __pte_self.inheriting--;
    mutex->__m.__kind |= MUTEX_UNUSABLE;
    lock(&boost_lock);
    release(mutex, 0, INT_MAX);
    __pte_self.boosted = 1;
    unlock(&boost_lock);
    unboost();
    return;
  }
  if (mutex->__m.__kind & MUTEX_INHERIT)
    unlock_inheriting(mutex);
  else
    release(mutex, 0, 1);
}

int pthread_mutex_consistent(pthread_mutex_t *mutex) {
  int kind = mutex->__m.__kind;
  if (!(kind & MUTEX_ROBUST) || !(kind & MUTEX_LOST) || __pte_owned_by(mutex) != own_tid())
    return EINVAL;
  mutex->__m.__kind &= ~MUTEX_LOST;
  return 0;
}

int pthread_mutex_consistent_np(pthread_mutex_t *mutex) __attribute__((alias("pthread_mutex_consistent")));

/* The thread ends: whoever waits for one of its robust mutexes gets it, and is told. */
void __pte_robust_end(struct pthread *self) {
  while (self->robust.first) {
    pthread_mutex_t *mutex = self->robust.first;
    unlink_robust(mutex);
    mutex->__m.__owner = 0;
    release(mutex, DIED, 1);
  }
}
