/* Attributes of threads to come. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pte.h"

enum { STACK_SHARE = 512, STACK_LEAST = 64 * 1024, STACK_MOST = 8 * 1024 * 1024 };

/* What pthread_create without attributes uses: the kernel's own stack size, the creator's schedule. */
pthread_attr_t __pte_default = {.__a = {.__guard_size = GUARD_DEFAULT, .__magic = ATTR_MAGIC}};

int __pte_attr_error(const pthread_attr_t *attr) { return attr->__a.__magic == ATTR_MAGIC ? 0 : EINVAL; }

/* As the kernel sizes stacks that nobody gave a size. */
size_t __pte_stack_size(void) {
  size_t size = sys_memory_total() / STACK_SHARE & ~(size_t)(sys_getpagesize() - 1);
  return size < STACK_LEAST ? STACK_LEAST : size > STACK_MOST ? STACK_MOST : size;
}

int pthread_attr_init(pthread_attr_t *attr) {
  memset(attr, 0, sizeof *attr);
  attr->__a.__guard_size = __pte_default.__a.__guard_size;
  attr->__a.__stack_size = __pte_default.__a.__stack_size;
  attr->__a.__magic = ATTR_MAGIC;
  return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr) {
  if (__pte_attr_error(attr))
    return EINVAL;
  free(attr->__a.__affinity);
  attr->__a.__affinity = NULL;
  attr->__a.__magic = 0;
  return 0;
}

/* A getter for a member that is an int to the caller. */
#define GETTER(name, member, mode) \
  int name(const pthread_attr_t *attr, mode *value) { \
    if (__pte_attr_error(attr)) \
      return EINVAL; \
    *value = attr->__a.member; \
    return 0; \
  }

/* A setter that takes what the condition allows. */
#define SETTER(name, member, mode, condition) \
  int name(pthread_attr_t *attr, mode value) { \
    if (__pte_attr_error(attr) || !(condition)) \
      return EINVAL; \
    attr->__a.member = value; \
    return 0; \
  }

#define KNOWN_POLICY(value) ((value) == SCHED_OTHER || (value) == SCHED_FIFO || (value) == SCHED_RR)

GETTER(pthread_attr_getdetachstate, __detached, int)
SETTER(pthread_attr_setdetachstate, __detached, int, value == PTHREAD_CREATE_JOINABLE || value == PTHREAD_CREATE_DETACHED)
GETTER(pthread_attr_getinheritsched, __explicit_sched, int)
SETTER(pthread_attr_setinheritsched, __explicit_sched, int,
       value == PTHREAD_INHERIT_SCHED || value == PTHREAD_EXPLICIT_SCHED)
GETTER(pthread_attr_getschedpolicy, __policy, int)
SETTER(pthread_attr_setschedpolicy, __policy, int, KNOWN_POLICY(value))
GETTER(pthread_attr_getguardsize, __guard_size, size_t)
SETTER(pthread_attr_setguardsize, __guard_size, size_t, value <= SIZE_MAX / 2)
GETTER(pthread_attr_getscope, __scope, int)

/* Threads contend with all others, as on Linux; another scope is known, but not offered. */
int pthread_attr_setscope(pthread_attr_t *attr, int scope) {
  if (__pte_attr_error(attr) || (scope != PTHREAD_SCOPE_SYSTEM && scope != PTHREAD_SCOPE_PROCESS))
    return EINVAL;
  if (scope == PTHREAD_SCOPE_PROCESS)
    return ENOTSUP;
  attr->__a.__scope = (unsigned char)scope;
  return 0;
}

int pthread_attr_getschedparam(const pthread_attr_t *attr, struct sched_param *parameter) {
  if (__pte_attr_error(attr))
    return EINVAL;
  *parameter = attr->__a.__param;
  return 0;
}

/* The policy that it is meant for may still be set afterwards; pthread_create looks at both. */
int pthread_attr_setschedparam(pthread_attr_t *attr, const struct sched_param *parameter) {
  if (__pte_attr_error(attr) || parameter->sched_priority < 0 || parameter->sched_priority >= CEILINGS)
    return EINVAL;
  attr->__a.__param = *parameter;
  return 0;
}

int pthread_attr_getstacksize(const pthread_attr_t *attr, size_t *size) {
  if (__pte_attr_error(attr))
    return EINVAL;
  *size = attr->__a.__stack_size ? attr->__a.__stack_size : __pte_stack_size();
  return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size) {
  if (__pte_attr_error(attr) || size < PTHREAD_STACK_MIN)
    return EINVAL;
  attr->__a.__stack_size = size;
  return 0;
}

int pthread_attr_getstack(const pthread_attr_t *attr, void **stack, size_t *size) {
  if (__pte_attr_error(attr))
    return EINVAL;
  *stack = attr->__a.__stack;
  return pthread_attr_getstacksize(attr, size);
}

/* Of any alignment, as with glibc: what the calling convention wants is made of it when the thread begins. */
int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t size) {
  if (__pte_attr_error(attr) || size < PTHREAD_STACK_MIN || stack == NULL)
    return EINVAL;
  attr->__a.__stack = stack;
  attr->__a.__stack_size = size;
  return 0;
}

/* The old pair means the stack's upper end, as in glibc: its size may be set before or after it. */
int pthread_attr_getstackaddr(const pthread_attr_t *attr, void **top) {
  size_t size;
  if (pthread_attr_getstacksize(attr, &size))
    return EINVAL;
  *top = attr->__a.__stack ? (char *)attr->__a.__stack + size : NULL;
  return 0;
}

int pthread_attr_setstackaddr(pthread_attr_t *attr, void *top) {
  size_t size;
  if (pthread_attr_getstacksize(attr, &size))
    return EINVAL;
  attr->__a.__stack_size = size;
  attr->__a.__stack = (char *)top - size;
  return 0;
}

static int copy_affinity(pthread_attr_t *attr, const pthread_attr_t *from) {
  const struct __pthread_affinity *affinity = from->__a.__affinity;
  *attr = *from;
  if (affinity == NULL)
    return 0;
  size_t size = sizeof *affinity + affinity->words * sizeof *affinity->mask;
  attr->__a.__affinity = malloc(size);
  if (attr->__a.__affinity == NULL)
    return ENOMEM;
  memcpy(attr->__a.__affinity, affinity, size);
  return 0;
}

int pthread_getattr_default_np(pthread_attr_t *attr) {
  int error = copy_affinity(attr, &__pte_default);
  if (error == 0 && attr->__a.__stack_size == 0)
    attr->__a.__stack_size = __pte_stack_size();
  return error;
}

int pthread_setattr_default_np(const pthread_attr_t *attr) {
  pthread_attr_t made;
  int error = __pte_attr_error(attr);
  if (error || attr->__a.__stack)
    return EINVAL;
  if (attr->__a.__explicit_sched && __pte_schedule_error(attr->__a.__policy, attr->__a.__param.sched_priority))
    return EINVAL;
  error = copy_affinity(&made, attr);
  if (error)
    return error;
  free(__pte_default.__a.__affinity);
  __pte_default = made;
  return 0;
}
