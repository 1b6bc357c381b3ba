/* Scheduling of the calling thread or another: POSIX, and of glibc the affinity calls. A pid is a thread id, 0 the caller. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SCHED_H_
#define _SCHED_H_

#include <sys/sched.h>
#include <sys/types.h>
#if __GNU_VISIBLE
#include <sys/cpuset.h>
#endif

__BEGIN_DECLS
int sched_setparam(pid_t, const struct sched_param *);
int sched_getparam(pid_t, struct sched_param *);
int sched_setscheduler(pid_t, int, const struct sched_param *);
int sched_getscheduler(pid_t);
int sched_get_priority_max(int);
int sched_get_priority_min(int);
int sched_rr_get_interval(pid_t, struct timespec *);
int sched_yield(void);
#if __GNU_VISIBLE
int sched_getcpu(void);
int getcpu(unsigned int *, unsigned int *);
int sched_getaffinity(pid_t, size_t, cpu_set_t *);
int sched_setaffinity(pid_t, size_t, const cpu_set_t *);
#endif
__END_DECLS

#endif
