/* Signals to one thread. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>

#include "pte.h"

int pthread_kill(pthread_t id, int number) {
  if (number < 0 || number >= NSIG)
    return EINVAL;
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int tid = thread->tid, self = thread == &__pte_self;
  int error = number == 0 || self || !thread->running ? 0 : -sys_tkill(tid, number);
  if (error == ESRCH) /* it has just ended, which does not make its number invalid */
    error = 0;
  __pte_found();
  /* to itself only without the list's lock: the handler may do as it likes */
  return number && self ? -sys_tkill(tid, number) : error;
}

int pthread_sigqueue(pthread_t id, int number, const union sigval value) {
  if (number < 0 || number >= NSIG)
    return EINVAL;
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int tid = thread->tid, self = thread == &__pte_self;
  int error = number == 0 || self || !thread->running ? 0 : -sys_sigqueue(tid, number, SI_QUEUE, value.sival_ptr);
  if (error == ESRCH)
    error = 0;
  __pte_found();
  return number && self ? -sys_sigqueue(tid, number, SI_QUEUE, value.sival_ptr) : error;
}
