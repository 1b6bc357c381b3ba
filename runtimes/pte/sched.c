/* Scheduling of threads. POSIX' SCHED_OTHER has the one priority 0; HermitCore's priorities within it are the kernel's
   own calls' (sys_setprio), and 8 is the one that threads have unless such a call gave them another. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

enum { USUAL = 8, HIGHEST = CEILINGS - 1 };

static volatile int concurrency;

int __pte_schedule_error(int policy, int priority) {
  if (policy == SCHED_OTHER)
    return priority == 0 ? 0 : EINVAL;
  if (policy != SCHED_FIFO && policy != SCHED_RR)
    return EINVAL;
  return priority >= 1 && priority <= HIGHEST ? 0 : EINVAL;
}

static int apply(int tid, int policy, int priority) {
  return -sys_sched_set(tid, policy, policy == SCHED_OTHER ? USUAL : priority);
}

static int highest_ceiling(const struct pthread *thread) {
  for (int ceiling = HIGHEST; ceiling > 0; ceiling--)
    if (thread->ceilings[ceiling])
      return ceiling;
  return 0;
}

/* `thread` is NULL for one that this library did not make. A thread under a ceiling gets what it is set to later. */
int __pte_set_schedule(struct pthread *thread, int tid, int policy, int priority) {
  if (__pte_schedule_error(policy, priority))
    return EINVAL;
  int ceiling = thread ? highest_ceiling(thread) : 0;
  if (ceiling) {
    thread->base_policy = policy;
    thread->base_priority = priority;
  }
  int error = priority < ceiling ? 0 : apply(tid, policy, priority);
  if (error == 0 && thread)
    thread->priority = (unsigned char)(priority < ceiling ? ceiling : priority);
  return error;
}

/* Run as the highest ceiling that is held, or as oneself. */
static void follow_ceilings(struct pthread *self) {
  int ceiling = highest_ceiling(self);
  int above = ceiling > self->base_priority;
  int policy = above && self->base_policy == SCHED_OTHER ? SCHED_FIFO : self->base_policy;
  int priority = above ? ceiling : self->base_priority;
  if (priority == self->priority)
    return;
  apply(0, policy, priority);
  self->priority = (unsigned char)priority;
}

int __pte_take_ceiling(int ceiling) {
  struct pthread *self = &__pte_self;
  if (highest_ceiling(self) == 0) {
    int error = sys_sched_get(0, &self->base_policy, &self->base_priority);
    if (error)
      return -error;
    if (self->base_policy == SCHED_OTHER)
      self->base_priority = 0;
    self->priority = (unsigned char)self->base_priority;
  }
  if (self->base_priority > ceiling)
    return EINVAL;
  self->ceilings[ceiling]++;
  follow_ceilings(self);
  return 0;
}

void __pte_leave_ceiling(int ceiling) {
  __pte_self.ceilings[ceiling]--;
  follow_ceilings(&__pte_self);
}

static int get_schedule(const struct pthread *thread, int tid, int *policy, int *priority) {
  int error = 0;
  if (thread && highest_ceiling(thread)) {
    *policy = thread->base_policy;
    *priority = thread->base_priority;
  } else {
    error = -sys_sched_get(tid, policy, priority);
  }
  if (*policy == SCHED_OTHER)
    *priority = 0;
  return error;
}

int pthread_getschedparam(pthread_t id, int *policy, struct sched_param *parameter) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int error = get_schedule(thread, thread->tid, policy, &parameter->sched_priority);
  __pte_found();
  return error;
}

int pthread_setschedparam(pthread_t id, int policy, const struct sched_param *parameter) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int error = __pte_set_schedule(thread, thread->tid, policy, parameter->sched_priority);
  __pte_found();
  return error;
}

int pthread_setschedprio(pthread_t id, int priority) {
  int policy, before;
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int error = get_schedule(thread, thread->tid, &policy, &before);
  if (error == 0)
    error = __pte_set_schedule(thread, thread->tid, policy, priority);
  __pte_found();
  return error;
}

/* Every thread is the kernel's, so the wish has no effect; it is remembered, as POSIX wants. */
int pthread_setconcurrency(int level) {
  if (level < 0)
    return EINVAL;
  concurrency = level;
  return 0;
}

int pthread_getconcurrency(void) { return concurrency; }

int sched_yield(void) {
  sys_yield();
  return 0;
}

int pthread_yield(void) { return sched_yield(); }
