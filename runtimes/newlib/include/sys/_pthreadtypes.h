/* POSIX thread types. Sizes are glibc's and every static initialiser starts as all zero, so that precompiled
   GCC runtimes (libgcc_eh, libgo), which embed such objects, work with our thread library. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS__PTHREADTYPES_H_
#define _SYS__PTHREADTYPES_H_

#include <sys/sched.h>

typedef unsigned long pthread_t; /* the thread pointer */
typedef unsigned int pthread_key_t;
typedef int pthread_once_t;
typedef volatile int pthread_spinlock_t;

typedef union {
  char __size[56];
  long __align;
  struct {
    void *__stack;
    size_t __stack_size;
    size_t __guard_size;
    struct __pthread_affinity *__affinity;
    struct sched_param __param;
    unsigned short __magic; /* tells an attribute that is in use from one that is not */
    unsigned char __detached, __explicit_sched, __policy, __scope;
  } __a;
} pthread_attr_t;

typedef union {
  char __size[40];
  long __align;
  struct {
    unsigned int __word;  /* what is waited on: see pte/mutex.c */
    unsigned int __count; /* depth of a recursive mutex beyond the first */
    int __owner;          /* thread id; kept for types that ask for it */
    unsigned int __ceiling;
    int __kind; /* type and options; offset 16 as in glibc */
    unsigned int __spins;
    void *__before, *__after; /* its owner's list of robust mutexes */
  } __m;
} pthread_mutex_t;

typedef union {
  char __size[4];
  int __value; /* see pte/mutexattr.c */
} pthread_mutexattr_t;

typedef union {
  char __size[48];
  long long __align;
  struct {
    unsigned int __lock;
    unsigned int __spins;
    struct __pthread_waiter *__first, *__last;
    int __clock; /* 0: the realtime clock; -1: destroyed */
  } __c;
} pthread_cond_t;

typedef union {
  char __size[4];
  int __value; /* clock << 1 | pshared */
} pthread_condattr_t;

typedef union {
  char __size[56];
  long __align;
  struct {
    unsigned int __state; /* readers, whether written, whether waited for */
    unsigned int __lock;
    struct __pthread_waiter *__first, *__last;
    int __owner; /* the writer */
    int __kind;
    unsigned int __spins;
    unsigned int __woken; /* a writer that was woken to try again has not done so yet */
  } __r;
} pthread_rwlock_t;

typedef union {
  char __size[8];
  long __align;
  struct {
    int __kind, __pshared;
  } __r;
} pthread_rwlockattr_t;

typedef union {
  char __size[32];
  long __align;
  struct {
    unsigned long __arrived; /* at all rounds together */
    unsigned int __count, __round, __inside, __sleepers, __spins;
  } __b;
} pthread_barrier_t;

typedef union {
  char __size[4];
  int __pshared;
} pthread_barrierattr_t;

/* cpu_set_t for the affinity calls of pthread.h and sched.h. */
#if __GNU_VISIBLE
#include <sys/cpuset.h>
#endif

#endif
