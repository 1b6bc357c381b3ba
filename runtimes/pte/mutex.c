/* Mutexes. The plain kind, and in this file those that only ask who holds them, are a lock of three states (0 free,
   1 held, 2 held and the release must wake); robust and inheriting ones are in owned.c. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>

#include "pte.h"

enum { WAITED = 2 };

/* Kinds that can tell their holder. */
static int holder(const pthread_mutex_t *mutex) {
  if (mutex->__m.__kind & MUTEX_OWNED)
    return __pte_owned_by(mutex);
  return __atomic_load_n(&mutex->__m.__owner, __ATOMIC_RELAXED);
}

/* Wait for a held lock of three states. */
static int wait_plain(pthread_mutex_t *mutex, const struct until *until) {
  volatile uint32_t *word = &mutex->__m.__word;
  int error = until ? until_error(until) : 0;
  if (error)
    return error;
  if (__pte_spin_lock(word, &mutex->__m.__spins))
    return 0;
  while (__atomic_exchange_n(word, WAITED, __ATOMIC_ACQUIRE) != 0)
    if (__pte_wait(word, WAITED, until, 0) == ETIMEDOUT)
      return ETIMEDOUT;
  return 0;
}

static int take_word(pthread_mutex_t *mutex, const struct until *until, int try) {
  if (mutex->__m.__kind & MUTEX_OWNED)
    return __pte_owned_lock(mutex, until, try);
  if (lock_try(&mutex->__m.__word))
    return 0;
  return try ? EBUSY : wait_plain(mutex, until);
}

/* The caller holds it already: 0 where that is the end of it, -1 where it waits for itself as others would. */
static int again(pthread_mutex_t *mutex, int try) {
  switch (mutex->__m.__kind & MUTEX_TYPE) {
  case PTHREAD_MUTEX_RECURSIVE:
    if (mutex->__m.__count == UINT_MAX)
      return EAGAIN;
    mutex->__m.__count++;
    return 0;
  case PTHREAD_MUTEX_ERRORCHECK:
    return try ? EBUSY : EDEADLK;
  default:
    return try ? EBUSY : -1;
  }
}

static int lock_kind(pthread_mutex_t *mutex, const struct until *until, int try) {
  int kind = mutex->__m.__kind, me = own_tid();
  if (kind & (MUTEX_DESTROYED | MUTEX_UNUSABLE))
    return kind & MUTEX_DESTROYED ? EINVAL : ENOTRECOVERABLE;
  int error = holder(mutex) == me ? again(mutex, try) : -1;
  if (error >= 0)
    return error;
  if (kind & MUTEX_PROTECT && __pte_take_ceiling((int)mutex->__m.__ceiling))
    return EINVAL;
  error = take_word(mutex, until, try);
  if (error && error != EOWNERDEAD) {
    if (kind & MUTEX_PROTECT)
      __pte_leave_ceiling((int)mutex->__m.__ceiling);
    return error;
  }
  __atomic_store_n(&mutex->__m.__owner, me, __ATOMIC_RELAXED);
  return error;
}

int pthread_mutex_lock(pthread_mutex_t *mutex) {
  if (LIKELY(mutex->__m.__kind == 0)) {
    if (LIKELY(lock_try(&mutex->__m.__word)))
      return 0;
    return wait_plain(mutex, NULL);
  }
  /* a free recursive one, without a look at all that a kind may be */
  if (mutex->__m.__kind == PTHREAD_MUTEX_RECURSIVE && lock_try(&mutex->__m.__word)) {
    __atomic_store_n(&mutex->__m.__owner, own_tid(), __ATOMIC_RELAXED);
    return 0;
  }
  return lock_kind(mutex, NULL, 0);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex) {
  if (LIKELY(mutex->__m.__kind == 0))
    return lock_try(&mutex->__m.__word) ? 0 : EBUSY;
  return lock_kind(mutex, NULL, 1);
}

int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock, const struct timespec *time) {
  struct until until = {(int)clock, time};
  if (until.clock != (int)CLOCK_REALTIME && until.clock != (int)CLOCK_MONOTONIC)
    return EINVAL;
  if (mutex->__m.__kind == 0)
    return lock_try(&mutex->__m.__word) ? 0 : wait_plain(mutex, &until);
  return lock_kind(mutex, &until, 0);
}

int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *time) {
  return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, time);
}

static int unlock_kind(pthread_mutex_t *mutex) {
  int kind = mutex->__m.__kind;
  if (kind & MUTEX_DESTROYED)
    return EINVAL;
  if (holder(mutex) != own_tid())
    return EPERM;
  if (mutex->__m.__count > 0) {
    mutex->__m.__count--;
    return 0;
  }
  int ceiling = (int)mutex->__m.__ceiling;
  __atomic_store_n(&mutex->__m.__owner, 0, __ATOMIC_RELAXED);
  if (kind & MUTEX_OWNED)
    __pte_owned_unlock(mutex);
  else
    unlock(&mutex->__m.__word);
  if (kind & MUTEX_PROTECT)
    __pte_leave_ceiling(ceiling);
  return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex) {
  if (!LIKELY(mutex->__m.__kind == 0))
    return unlock_kind(mutex);
  unlock(&mutex->__m.__word);
  return 0;
}

int __pte_mutex_release(pthread_mutex_t *mutex, unsigned int *depth) {
  *depth = 0;
  if (mutex->__m.__kind == 0 || holder(mutex) != own_tid())
    return pthread_mutex_unlock(mutex);
  *depth = mutex->__m.__count;
  mutex->__m.__count = 0;
  return unlock_kind(mutex);
}

int __pte_mutex_retake(pthread_mutex_t *mutex, unsigned int depth) {
  int error = pthread_mutex_lock(mutex);
  if (error == 0 && depth)
    mutex->__m.__count = depth;
  return error;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex) {
  int kind = mutex->__m.__kind;
  if (kind & MUTEX_DESTROYED)
    return EINVAL;
  if (kind & MUTEX_OWNED ? __pte_owned_by(mutex) != 0 : __atomic_load_n(&mutex->__m.__word, __ATOMIC_ACQUIRE) != 0)
    return EBUSY;
  mutex->__m.__kind = MUTEX_DESTROYED;
  return 0;
}

int pthread_mutex_getprioceiling(const pthread_mutex_t *mutex, int *ceiling) {
  if (!(mutex->__m.__kind & MUTEX_PROTECT) || mutex->__m.__kind & MUTEX_DESTROYED)
    return EINVAL;
  *ceiling = (int)mutex->__m.__ceiling;
  return 0;
}

/* Takes the mutex without regard to its ceiling, as POSIX wants; whoever holds it already moves to the new one. */
int pthread_mutex_setprioceiling(pthread_mutex_t *mutex, int ceiling, int *before) {
  int kind = mutex->__m.__kind, old;
  if (!(kind & MUTEX_PROTECT) || kind & MUTEX_DESTROYED || ceiling < 1 || ceiling >= CEILINGS)
    return EINVAL;
  int mine = holder(mutex) == own_tid();
  int error = mine ? __pte_take_ceiling(ceiling) : take_word(mutex, NULL, 0);
  if (error)
    return error;
  old = (int)mutex->__m.__ceiling;
  mutex->__m.__ceiling = (unsigned int)ceiling;
  if (mine)
    __pte_leave_ceiling(old);
  else if (kind & MUTEX_OWNED)
    __pte_owned_unlock(mutex);
  else
    unlock(&mutex->__m.__word);
  if (before)
    *before = old;
  return 0;
}
