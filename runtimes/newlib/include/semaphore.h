/* POSIX semaphores; sem_t has glibc's size and starts as the count itself. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SEMAPHORE_H_
#define _SEMAPHORE_H_

#include <sys/cdefs.h>
#include <sys/types.h>
#include <sys/_timespec.h>

typedef union {
  char __size[32];
  long __align;
  struct {
    unsigned long __state; /* the value below, the number of waiters above: both change at once */
    unsigned int __spins;
  } __s;
} sem_t;

#define SEM_FAILED ((sem_t *)0)

__BEGIN_DECLS
int sem_close(sem_t *);
int sem_destroy(sem_t *);
int sem_getvalue(sem_t *__restrict, int *__restrict);
int sem_init(sem_t *, int, unsigned int);
sem_t *sem_open(const char *, int, ...);
int sem_post(sem_t *);
int sem_timedwait(sem_t *__restrict, const struct timespec *__restrict);
int sem_trywait(sem_t *);
int sem_unlink(const char *);
int sem_wait(sem_t *);
#if __GNU_VISIBLE
int sem_clockwait(sem_t *__restrict, clockid_t, const struct timespec *__restrict);
#endif
__END_DECLS

#endif
