/* Condition variables: a queue of waiters, each with a word of its own. A signal goes to the one that it took from the
   queue, never to one that came later; a waiter that was taken never touches the condition variable again, which may
   then be destroyed. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "pte.h"

enum { DESTROYED = -1, CLOCK_SHIFT = 1 };

static struct queue *queue(pthread_cond_t *cond) { return (struct queue *)&cond->__c.__first; }

int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr) {
  memset(cond, 0, sizeof *cond);
  if (attr)
    cond->__c.__clock = attr->__value >> CLOCK_SHIFT;
  return 0;
}

/* The lock is taken once: a signal that is still in it has then left. */
int pthread_cond_destroy(pthread_cond_t *cond) {
  if (cond->__c.__clock == DESTROYED)
    return EINVAL;
  lock(&cond->__c.__lock);
  int busy = cond->__c.__first != NULL;
  if (!busy)
    cond->__c.__clock = DESTROYED;
  unlock(&cond->__c.__lock);
  return busy ? EBUSY : 0;
}

/* Out of the queue, because of time or cancellation; 0 if a signal was first, which then has to be taken. */
static int give_up(pthread_cond_t *cond, struct __pthread_waiter *self) {
  lock(&cond->__c.__lock);
  int queued = self->queued;
  if (queued)
    __pte_dequeue(queue(cond), self);
  unlock(&cond->__c.__lock);
  return queued;
}

static int wait(pthread_cond_t *cond, pthread_mutex_t *mutex, const struct until *until) {
  struct __pthread_waiter self = {0};
  unsigned int depth, history = __atomic_load_n(&cond->__c.__spins, __ATOMIC_RELAXED);
  pthread_testcancel();
  if (cond->__c.__clock == DESTROYED)
    return EINVAL;
  lock(&cond->__c.__lock);
  __pte_enqueue(queue(cond), &self);
  unlock(&cond->__c.__lock);
  int error = __pte_mutex_release(mutex, &depth);
  if (error) {
    if (!give_up(cond, &self)) /* the signal was for another one */
      pthread_cond_signal(cond);
    return error;
  }
  error = __pte_await(&self, until, 1, &history);
  if (error && !give_up(cond, &self)) {
    while (__pte_await(&self, NULL, 0, &history)) /* the grant is on its way */
      ;
    error = 0;
  }
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

/* Whoever waits queued before giving up the mutex: a caller that changed what is waited for, under that mutex, sees it. */
int pthread_cond_signal(pthread_cond_t *cond) {
  if (__atomic_load_n(&cond->__c.__first, __ATOMIC_ACQUIRE) == NULL)
    return cond->__c.__clock == DESTROYED ? EINVAL : 0;
  lock(&cond->__c.__lock);
  struct __pthread_waiter *first = cond->__c.__first;
  if (first) {
    learn(cond, first);
    __pte_dequeue(queue(cond), first);
  }
  unlock(&cond->__c.__lock);
  if (first)
    __pte_grant(first);
  return 0;
}

int pthread_cond_broadcast(pthread_cond_t *cond) {
  if (__atomic_load_n(&cond->__c.__first, __ATOMIC_ACQUIRE) == NULL)
    return cond->__c.__clock == DESTROYED ? EINVAL : 0;
  lock(&cond->__c.__lock);
  struct __pthread_waiter *first = cond->__c.__first, *next;
  if (first)
    learn(cond, first);
  for (struct __pthread_waiter *waiter = first; waiter; waiter = waiter->next)
    waiter->queued = 0;
  *queue(cond) = (struct queue){NULL, NULL};
  unlock(&cond->__c.__lock);
  for (; first; first = next) {
    next = first->next; /* its memory is its own again once it is granted */
    __pte_grant(first);
  }
  return 0;
}

int pthread_condattr_init(pthread_condattr_t *attr) {
  attr->__value = (int)CLOCK_REALTIME << CLOCK_SHIFT;
  return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr) {
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
