/* Waiting for a thread's end, or having it freed without. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

enum { MAIN_TID = 1 };

static unsigned int history;

/* It has ended and is nobody's any more. The main thread's memory is the kernel's own. */
static void release(struct pthread *thread) {
  int tid = thread->tid;
  __pte_unlist(thread);
  if (tid != MAIN_TID)
    sys_thread_free(tid);
}

/* With the list's lock: may the caller join it? Not one that joins the caller, unless that join is cancelled. */
static int claim(struct pthread *thread) {
  struct pthread *self = &__pte_self;
  if (thread == self || (self->joiner == thread && !(thread->cancel & CANCEL_PENDING)))
    return EDEADLK;
  if (thread->state == DETACHED || thread->joiner)
    return EINVAL;
  thread->joiner = self;
  return 0;
}

static int await_end(struct pthread *thread, const struct until *until) {
  if (__pte_spin(&thread->running, 1, &history))
    return 0;
  while (__atomic_load_n(&thread->running, __ATOMIC_ACQUIRE)) {
    int error = __pte_wait(&thread->running, 1, until, 1);
    if (error == ETIMEDOUT || (error == EINTR && cancel_due()))
      return error;
  }
  return 0;
}

static int join(pthread_t id, void **result, const struct until *until) {
  pthread_testcancel();
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int error = claim(thread);
  __pte_found();
  if (error)
    return error;
  error = await_end(thread, until);
  if (error) {
    thread->joiner = NULL;
    if (error == EINTR)
      pthread_testcancel();
    return error;
  }
  if (result)
    *result = thread->result;
  release(thread);
  return 0;
}

int pthread_join(pthread_t id, void **result) { return join(id, result, NULL); }

int pthread_clockjoin_np(pthread_t id, void **result, clockid_t clock, const struct timespec *time) {
  struct until until = {(int)clock, time};
  int error = time ? until_error(&until) : 0;
  return error == EINVAL ? EINVAL : join(id, result, time ? &until : NULL);
}

int pthread_timedjoin_np(pthread_t id, void **result, const struct timespec *time) {
  return pthread_clockjoin_np(id, result, CLOCK_REALTIME, time);
}

int pthread_tryjoin_np(pthread_t id, void **result) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int error = claim(thread);
  if (error == 0 && __atomic_load_n(&thread->running, __ATOMIC_ACQUIRE)) {
    thread->joiner = NULL;
    error = EBUSY;
  }
  __pte_found();
  if (error)
    return error;
  if (result)
    *result = thread->result;
  release(thread);
  return 0;
}

int pthread_detach(pthread_t id) {
  struct pthread *thread = __pte_find(id);
  uint32_t expected = JOINABLE;
  if (thread == NULL)
    return ESRCH;
  int error = thread->state == DETACHED || thread->joiner ? EINVAL : 0;
  int ended = !error && !__atomic_compare_exchange_n(&thread->state, &expected, DETACHED, 0, __ATOMIC_ACQ_REL,
                                                     __ATOMIC_ACQUIRE);
  if (ended)
    thread->joiner = &__pte_self; /* nobody else may free it */
  __pte_found();
  if (!ended)
    return error;
  while (__atomic_load_n(&thread->running, __ATOMIC_ACQUIRE))
    __pte_wait(&thread->running, 1, NULL, 0);
  release(thread);
  return 0;
}
