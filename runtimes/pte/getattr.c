/* What a running thread's attributes are. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

int pthread_getattr_np(pthread_t id, pthread_attr_t *attr) {
  int policy, priority;
  pthread_attr_init(attr);
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int error = -sys_sched_get(thread->tid, &policy, &priority);
  attr->__a.__stack = thread->stack;
  attr->__a.__stack_size = thread->stack_size;
  attr->__a.__guard_size = thread->guard_size;
  attr->__a.__detached = thread->state == DETACHED;
  __pte_found();
  if (error)
    return error;
  attr->__a.__policy = (unsigned char)policy;
  attr->__a.__param.sched_priority = priority;
  return 0;
}
