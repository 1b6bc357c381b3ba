/* Scheduling of threads. SCHED_OTHER has the one priority 0; HermitCore's priorities within it are the kernel's own
   calls' (sys_setprio). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

enum { HIGHEST = CEILINGS - 1 };

static volatile int concurrency;

int __pte_schedule_error(int policy, int priority) {
  if (policy == SCHED_OTHER)
    return priority == 0 ? 0 : EINVAL;
  if (policy != SCHED_FIFO && policy != SCHED_RR)
    return EINVAL;
  return priority >= 1 && priority <= HIGHEST ? 0 : EINVAL;
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
  int error = priority < ceiling ? 0 : -sys_sched_set(tid, policy, priority);
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
  sys_sched_set(0, policy, priority);
  self->priority = (unsigned char)priority;
}

int __pte_take_ceiling(int ceiling) {
  struct pthread *self = &__pte_self;
  if (highest_ceiling(self) == 0) {
    int error = sys_sched_get(0, &self->base_policy, &self->base_priority);
    if (error)
      return -error;
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

static int get_schedule(const struct pthread *thread, int *policy, int *priority) {
  if (highest_ceiling(thread) == 0)
    return -sys_sched_get(thread->tid, policy, priority);
  *policy = thread->base_policy;
  *priority = thread->base_priority;
  return 0;
}

int pthread_getschedparam(pthread_t id, int *policy, struct sched_param *parameter) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int error = get_schedule(thread, policy, &parameter->sched_priority);
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
  int error = get_schedule(thread, &policy, &before);
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
