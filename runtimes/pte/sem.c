/* Unnamed semaphores. Value and number of waiters are one word: who posts knows whom to wake from the same operation,
   and does not touch the semaphore after it, which whoever got through may destroy. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <semaphore.h>
#include <string.h>

#include "pte.h"

#define WAITER (1ul << 32)
#define VALUE(state) ((uint32_t)(state))

static int fail(int error) {
  errno = error;
  return -1;
}

/* The lower half, which waiters look at: the value. */
static volatile uint32_t *word(sem_t *sem) { return (volatile uint32_t *)&sem->__s.__state; }

int sem_init(sem_t *sem, int shared, unsigned int value) {
  (void)shared;
  if (value > SEM_VALUE_MAX)
    return fail(EINVAL);
  memset(sem, 0, sizeof *sem);
  sem->__s.__state = value;
  return 0;
}

int sem_destroy(sem_t *sem) { return sem->__s.__state / WAITER ? fail(EBUSY) : 0; }

int sem_getvalue(sem_t *sem, int *value) {
  *value = (int)VALUE(__atomic_load_n(&sem->__s.__state, __ATOMIC_RELAXED));
  return 0;
}

int sem_post(sem_t *sem) {
  unsigned long state = __atomic_load_n(&sem->__s.__state, __ATOMIC_RELAXED);
  do {
    if (VALUE(state) == SEM_VALUE_MAX)
      return fail(EOVERFLOW);
  } while (!__atomic_compare_exchange_n(&sem->__s.__state, &state, state + 1, 1, __ATOMIC_RELEASE, __ATOMIC_RELAXED));
  if (state / WAITER)
    sys_futex_wake(word(sem), 1);
  return 0;
}

/* Take one, and the caller from the waiters where it was one. */
static int take(sem_t *sem, unsigned long waiter) {
  unsigned long state = __atomic_load_n(&sem->__s.__state, __ATOMIC_RELAXED);
  while (VALUE(state))
    if (__atomic_compare_exchange_n(&sem->__s.__state, &state, state - 1 - waiter, 1, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return 1;
  return 0;
}

int sem_trywait(sem_t *sem) { return take(sem, 0) ? 0 : fail(EAGAIN); }

/* A handler ran or the time is up. A post that came at the same time may have woken nobody but the caller. */
static int give_up(sem_t *sem, int error) {
  unsigned long state = __atomic_sub_fetch(&sem->__s.__state, WAITER, __ATOMIC_SEQ_CST);
  if (VALUE(state) && state / WAITER)
    sys_futex_wake(word(sem), 1);
  if (error == EINTR)
    pthread_testcancel();
  return fail(error);
}

static int wait(sem_t *sem, const struct until *until) {
  pthread_testcancel();
  if (until && !is_clock(until))
    return fail(EINVAL);
  if (take(sem, 0))
    return 0;
  int error = until ? until_error(until) : 0;
  if (error)
    return fail(error);
  if (__pte_spin(word(sem), 0, &sem->__s.__spins) && take(sem, 0))
    return 0;
  __atomic_add_fetch(&sem->__s.__state, WAITER, __ATOMIC_SEQ_CST);
  while (!take(sem, WAITER)) {
    error = __pte_wait(word(sem), 0, until, 1);
    if (error)
      return give_up(sem, error);
  }
  return 0;
}

int sem_wait(sem_t *sem) { return wait(sem, NULL); }

int sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *time) {
  struct until until = {(int)clock, time};
  return wait(sem, &until);
}

int sem_timedwait(sem_t *sem, const struct timespec *time) { return sem_clockwait(sem, CLOCK_REALTIME, time); }
