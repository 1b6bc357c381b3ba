/* POSIX thread types. Sizes are glibc's and every static initialiser is all zero, so that precompiled
   GCC runtimes (libgcc_eh, libgo), which embed such objects, work with our thread library. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS__PTHREADTYPES_H_
#define _SYS__PTHREADTYPES_H_

#include <sys/sched.h>

#define PTHREAD_SCOPE_SYSTEM 0
#define PTHREAD_SCOPE_PROCESS 1
#define PTHREAD_INHERIT_SCHED 0
#define PTHREAD_EXPLICIT_SCHED 1
#define PTHREAD_CREATE_JOINABLE 0
#define PTHREAD_CREATE_DETACHED 1
#define PTHREAD_PROCESS_PRIVATE 0
#define PTHREAD_PROCESS_SHARED 1
#define PTHREAD_PRIO_NONE 0
#define PTHREAD_PRIO_INHERIT 1
#define PTHREAD_PRIO_PROTECT 2
#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_RECURSIVE 1
#define PTHREAD_MUTEX_ERRORCHECK 2
#define PTHREAD_MUTEX_DEFAULT PTHREAD_MUTEX_NORMAL
#define PTHREAD_MUTEX_STALLED 0
#define PTHREAD_MUTEX_ROBUST 1

typedef unsigned long pthread_t;
typedef unsigned int pthread_key_t;
typedef int pthread_once_t;
typedef volatile int pthread_spinlock_t;

typedef union {
  char __size[56];
  long __align;
  struct {
    void *__stackaddr;
    size_t __stacksize;
    size_t __guardsize;
    struct sched_param __param;
    unsigned char __detached, __explicit_sched, __policy, __scope, __stack_set;
    void *__affinity;
  } __a;
} pthread_attr_t;

typedef union {
  char __size[40];
  long __align;
  struct {
    int __lock; /* futex word: 0 free, 1 held, 2 held and waited for */
    unsigned int __count;
    int __owner;
    unsigned int __waiters;
    int __kind; /* type | protocol << 4 | robust << 8 | pshared << 9; offset 16 as in glibc */
    int __ceiling;
  } __m;
} pthread_mutex_t;

typedef union {
  char __size[4];
  int __kind;
} pthread_mutexattr_t;

typedef union {
  char __size[48];
  long long __align;
  struct {
    unsigned int __seq;
    unsigned int __waiters;
    unsigned long __clock;
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
    int __state; /* -1 written, else readers */
    unsigned int __readers_waiting, __writers_waiting;
    int __owner;
    int __prefer_writer;
  } __r;
} pthread_rwlock_t;

typedef union {
  char __size[8];
  long __align;
} pthread_rwlockattr_t;

typedef union {
  char __size[32];
  long __align;
  struct {
    unsigned int __count, __arrived, __round;
  } __b;
} pthread_barrier_t;

typedef union {
  char __size[4];
  int __align;
} pthread_barrierattr_t;

#define _PTHREAD_MUTEX_INITIALIZER {{0}}
#define _PTHREAD_COND_INITIALIZER {{0}}
#define _PTHREAD_RWLOCK_INITIALIZER {{0}}
#define _PTHREAD_ONCE_INIT 0
#define PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP {.__m = {0, 0, 0, 0, PTHREAD_MUTEX_RECURSIVE, 0}}
#define PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP {.__m = {0, 0, 0, 0, PTHREAD_MUTEX_ERRORCHECK, 0}}

/* cpu_set_t for the affinity calls of pthread.h and sched.h. */
#if __GNU_VISIBLE
#include <sys/cpuset.h>
#endif

#endif
