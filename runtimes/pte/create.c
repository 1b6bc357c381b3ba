/* pthread_create. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <malloc.h>
#include <reent.h>

#include "pte.h"

/* Makes the standard streams' locks, where the program has streams. */
extern void __sinit(struct _reent *reent) __attribute__((weak));

static void begin(void *argument) {
  struct pthread *self = argument;
  void *result = self->start ? self->start(self->argument) : (void *)(intptr_t)self->start_c11(self->argument);
  __pte_end(result);
}

/* The kernel's options; `inherit` alone says whether policy and priority are the creator's. */
static struct sys_thread_options options_of(const pthread_attr_t *attr) {
  struct sys_thread_options options = {
      .stack_size = attr->__a.__stack_size,
      .guard_size = attr->__a.__guard_size,
      .stack = attr->__a.__stack,
      .policy = attr->__a.__explicit_sched ? attr->__a.__policy : -1,
      .priority = attr->__a.__param.sched_priority,
  };
  if (attr->__a.__affinity) {
    options.affinity = attr->__a.__affinity->mask;
    options.affinity_words = attr->__a.__affinity->words;
  }
  return options;
}

static void fill(struct pthread *thread, const struct sys_thread *made, const pthread_attr_t *attr) {
  thread->tid = made->tid;
  thread->stack = made->stack;
  thread->stack_size = made->stack_size;
  thread->guard_size = attr->__a.__stack ? 0 : attr->__a.__guard_size;
  thread->running = 1;
  thread->state = attr->__a.__detached ? DETACHED : JOINABLE;
  thread->priority = attr->__a.__explicit_sched ? (unsigned char)attr->__a.__param.sched_priority : __pte_self.priority;
}

int __pte_create(pthread_t *id, const pthread_attr_t *attr, void *(*start)(void *), int (*start_c11)(void *),
                 void *argument) {
  struct sys_thread made;
  int error = attr ? __pte_attr_error(attr) : 0;
  if (error)
    return error;
  if (attr == NULL)
    attr = &__pte_default;
  if (attr->__a.__explicit_sched && __pte_schedule_error(attr->__a.__policy, attr->__a.__param.sched_priority))
    return EINVAL;
  struct sys_thread_options options = options_of(attr);
  own_tid();
  if (__libc_single_threaded && __sinit)
    __sinit(_GLOBAL_REENT);
  __libc_single_threaded = 0;
  error = -sys_thread_new(&options, &made);
  if (error == EAGAIN && _malloc_trim_r(_REENT, 0)) /* malloc keeps what was freed */
    error = -sys_thread_new(&options, &made);
  if (error)
    return error == ENOMEM ? EAGAIN : error;
  struct pthread *thread = pthread_of((pthread_t)made.thread_pointer);
  fill(thread, &made, attr);
  thread->start = start;
  thread->start_c11 = start_c11;
  thread->argument = argument;
  __atomic_add_fetch(&__pte_users, 1, __ATOMIC_RELAXED);
  __pte_list(thread);
  *id = (pthread_t)made.thread_pointer;
  sys_thread_start(made.tid, begin, thread);
  return 0;
}

int pthread_create(pthread_t *id, const pthread_attr_t *attr, void *(*start)(void *), void *argument) {
  return __pte_create(id, attr, start, NULL, argument);
}

/* There is no fork, so nothing that could ever call them. */
int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
  (void)prepare, (void)parent, (void)child;
  return 0;
}
