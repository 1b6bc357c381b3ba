/* Condition variables: a queue of waiters, each with a word of its own. A signal goes to the one that it took from the
   queue, never to one that came later; a waiter that was taken never touches the condition variable again, which may
   then be destroyed. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "pte.h"

enum { DESTROYED = -1, CLOCK_SHIFT = 1, LEAVE_US = 10, SLEPT = 2 };

static struct queue *queue(pthread_cond_t *cond) { return (struct queue *)&cond->__c.__first; }

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr) {
  memset(cond, 0, sizeof *cond);
  if (attr)
    cond->__c.__clock = attr->__value >> CLOCK_SHIFT;
  return 0;
}

/* The lock is taken: a signal that is still in it has then left. So shall those whose time is up. */
int pthread_cond_destroy(pthread_cond_t *cond) {
  if (cond->__c.__clock == DESTROYED)
    return EINVAL;
  for (;;) {
    lock(&cond->__c.__lock);
    struct __pthread_waiter *first = cond->__c.__first, *waiter = first;
    while (waiter && __pte_is_leaving(waiter))
      waiter = waiter->next;
    if (first == NULL)
      cond->__c.__clock = DESTROYED;
    unlock(&cond->__c.__lock);
    if (first == NULL || waiter)
      return first ? EBUSY : 0;
    sys_usleep(LEAVE_US);
  }
}

/* Out of the queue, because of time or cancellation; 0 if a signal was first: then the condition variable may be gone. */
static int give_up(pthread_cond_t *cond, struct __pthread_waiter *self) {
  if (!__pte_leaves(self))
    return 0;
  lock(&cond->__c.__lock);
  __pte_dequeue(queue(cond), self);
  unlock(&cond->__c.__lock);
  return 1;
}

static int wait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct until *until) {
  struct __pthread_waiter self = {0};
  unsigned int depth, history = __atomic_load_n(&cond->__c.__spins, __ATOMIC_RELAXED);
  pthread_testcancel();
  if (cond->__c.__clock == DESTROYED)
    return EINVAL;
  lock(&cond->__c.__lock);
  __pte_enqueue(queue(cond), &self, 0);
  unlock(&cond->__c.__lock);
  int error = __pte_mutex_release(mutex, &depth);
  if (error) {
    if (!give_up(cond, &self)) /* the signal was for another one */
      pthread_cond_signal(cond);
    return error;
  }
  error = __pte_await(&self, until, 1, &history);
  if (error && !give_up(cond, &self))
    error = 0;
  int retaken = __pte_mutex_retake(mutex, depth);
  if (error == EINTR)
    pthread_testcancel();
  return retaken ? retaken : error == EINTR ? 0 : error;
}

int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) { return wait(cond, mutex, NULL); }

int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock, const struct timespec *time) {
  struct until until = {(int)clock, time};
  int error = until_error(&until);
  if (error == EINVAL)
    return error;
  static const struct timespec start;
  if (error) /* long past: the mutex is given up all the same */
    until.time = &start;
  return wait(cond, mutex, &until);
}

int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct timespec *time) {
  int clock = cond->__c.__clock;
  if (clock == DESTROYED)
    return EINVAL;
  return pthread_cond_clockwait(cond, mutex, clock ? (clockid_t)clock : CLOCK_REALTIME, time);
}

/* Whether spinning was worth it: the waiter cannot tell the condition variable, which may be gone when it knows. */
static void learn(pthread_cond_t *cond, struct __pthread_waiter *first) {
  __pte_learn(&cond->__c.__spins, cond->__c.__spins, !__pte_sleeps(first));
}

/* Grant one that is in the queue, and take it out; as __pte_take. Its neighbours are in the queue, so their memory is there. */
static int take(pthread_cond_t *cond, struct __pthread_waiter *waiter) {
  struct __pthread_waiter *next = waiter->next, *before = waiter->before;
  int taken = __pte_take(waiter);
  if (taken) {
    *(next ? &next->before : &cond->__c.__last) = before;
    *(before ? &before->next : &cond->__c.__first) = next;
  }
  return taken;
}

/* Whoever waits queued before giving up the mutex: a caller that changed what is waited for, under that mutex, sees it. */
int pthread_cond_signal(pthread_cond_t *cond) {
  if (__atomic_load_n(&cond->__c.__first, __ATOMIC_ACQUIRE) == NULL)
    return cond->__c.__clock == DESTROYED ? EINVAL : 0;
  lock(&cond->__c.__lock);
  struct __pthread_waiter *waiter = cond->__c.__first, *next;
  volatile uint32_t *word = NULL;
  int taken = 0;
  if (waiter)
    learn(cond, waiter);
  for (; waiter && !taken; waiter = next) {
    next = waiter->next;
    word = &waiter->word;
    taken = take(cond, waiter);
  }
  unlock(&cond->__c.__lock);
  if (taken == SLEPT)
    sys_futex_wake(word, 1);
  return 0;
}

int pthread_cond_broadcast(pthread_cond_t *cond) {
  if (__atomic_load_n(&cond->__c.__first, __ATOMIC_ACQUIRE) == NULL)
    return cond->__c.__clock == DESTROYED ? EINVAL : 0;
  lock(&cond->__c.__lock);
  struct __pthread_waiter *waiter = cond->__c.__first, *next;
  if (waiter)
    learn(cond, waiter);
  for (; waiter; waiter = next) {
    next = waiter->next; /* its memory is its own again once it is granted */
    if (take(cond, waiter) == SLEPT)
      sys_futex_wake(&waiter->word, 1);
  }
  unlock(&cond->__c.__lock);
  return 0;
}

int pthread_condattr_init(pthread_condattr_t *attr) {
  attr->__value = (int)CLOCK_REALTIME << CLOCK_SHIFT;
  return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr) {
  if (attr == NULL)
    return EINVAL;
  attr->__value = 0;
  return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *attr, clockid_t *clock) {
  *clock = attr->__value >> CLOCK_SHIFT;
  return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
    return EINVAL;
  attr->__value = (attr->__value & 1) | (int)clock << CLOCK_SHIFT;
  return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *attr, int *shared) {
  *shared = attr->__value & 1;
  return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared) {
  if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
    return EINVAL;
  attr->__value = (attr->__value & ~1) | shared;
  return 0;
}
