/* Threads that wait for an object, the most urgent first. Each waits on a word of its own: who is granted what it waits
   for never looks at the object again, which may then be destroyed. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

enum { WAITING, GRANTED, SLEEPING, LEAVING };

void __pte_enqueue(struct queue *queue, struct __pthread_waiter *waiter, int again) {
  struct __pthread_waiter *before = queue->last;
  waiter->priority = __pte_self.priority;
  waiter->word = WAITING;
  waiter->queued = 1;
  while (before && (again ? before->priority <= waiter->priority : before->priority < waiter->priority))
    before = before->before;
  waiter->before = before;
  waiter->next = before ? before->next : queue->first;
  *(waiter->next ? &waiter->next->before : &queue->last) = waiter;
  *(before ? &before->next : &queue->first) = waiter;
}

void __pte_dequeue(struct queue *queue, struct __pthread_waiter *waiter) {
  waiter->queued = 0;
  *(waiter->next ? &waiter->next->before : &queue->last) = waiter->before;
  *(waiter->before ? &waiter->before->next : &queue->first) = waiter->next;
}

int __pte_await(struct __pthread_waiter *waiter, const struct until *until, int point, unsigned int *history) {
  uint32_t expected = WAITING;
  /* Who waits on after its time was up is asleep already. */
  if (__pte_spin(&waiter->word, WAITING, history) && __atomic_load_n(&waiter->word, __ATOMIC_ACQUIRE) == GRANTED)
    return 0;
  if (!__atomic_compare_exchange_n(&waiter->word, &expected, SLEEPING, 0, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE) &&
      expected == GRANTED)
    return 0;
  while (__atomic_load_n(&waiter->word, __ATOMIC_ACQUIRE) == SLEEPING) {
    int error = __pte_wait(&waiter->word, SLEEPING, until, point);
    if (error == ETIMEDOUT || (error == EINTR && point && cancel_due()))
      return error;
  }
  return 0;
}

void __pte_grant(struct __pthread_waiter *waiter) {
  volatile uint32_t *word = &waiter->word;
  if (__atomic_exchange_n(word, GRANTED, __ATOMIC_RELEASE) == SLEEPING)
    sys_futex_wake(word, 1);
}

int __pte_leaves(struct __pthread_waiter *waiter) {
  uint32_t state = __atomic_load_n(&waiter->word, __ATOMIC_ACQUIRE);
  while (state != GRANTED)
    if (__atomic_compare_exchange_n(&waiter->word, &state, LEAVING, 0, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
      return 1;
  return 0;
}

int __pte_is_leaving(const struct __pthread_waiter *waiter) {
  return __atomic_load_n(&waiter->word, __ATOMIC_RELAXED) == LEAVING;
}

int __pte_take(struct __pthread_waiter *waiter) {
  uint32_t state = __atomic_load_n(&waiter->word, __ATOMIC_RELAXED);
  while (state != LEAVING)
    if (__atomic_compare_exchange_n(&waiter->word, &state, GRANTED, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
      return state == SLEEPING ? 2 : 1;
  return 0;
}

int __pte_sleeps(const struct __pthread_waiter *waiter) {
  return __atomic_load_n(&waiter->word, __ATOMIC_RELAXED) == SLEEPING;
}
