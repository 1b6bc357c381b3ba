/* The sched_ calls. Their pid is a thread id, as on Linux: 0 is the caller, and the process's the main thread's. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "pte.h"

enum { MAIN_TID = 1, HIGHEST = CEILINGS - 1 };

static int result(int error) {
  if (error == 0)
    return 0;
  errno = error;
  return -1;
}

/* The thread id; negative ones are nobody's. */
static int tid_of(pid_t pid) {
  if (pid == 0)
    return own_tid();
  return pid == sys_getpid() ? MAIN_TID : pid;
}

static int get(pid_t pid, int *policy, int *priority) { return pid < 0 ? EINVAL : -sys_sched_get(tid_of(pid), policy, priority); }

static int set(pid_t pid, int policy, int priority) {
  if (pid < 0)
    return EINVAL;
  int tid = tid_of(pid);
  return __pte_set_schedule(tid == own_tid() ? &__pte_self : NULL, tid, policy, priority);
}

int sched_getscheduler(pid_t pid) {
  int policy, priority, error = get(pid, &policy, &priority);
  return error ? result(error) : policy;
}

int sched_getparam(pid_t pid, struct sched_param *parameter) {
  int policy, priority, error = parameter ? get(pid, &policy, &priority) : EINVAL;
  if (error)
    return result(error);
  parameter->sched_priority = priority;
  return 0;
}

/* Gives 0, as Linux does, not the former policy. */
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *parameter) {
  return result(parameter ? set(pid, policy, parameter->sched_priority) : EINVAL);
}

int sched_setparam(pid_t pid, const struct sched_param *parameter) {
  int policy, priority, error = parameter ? get(pid, &policy, &priority) : EINVAL;
  return result(error ? error : set(pid, policy, parameter->sched_priority));
}

int sched_get_priority_max(int policy) {
  if (policy == SCHED_OTHER)
    return 0;
  return policy == SCHED_FIFO || policy == SCHED_RR ? HIGHEST : result(EINVAL);
}

int sched_get_priority_min(int policy) {
  if (policy == SCHED_OTHER)
    return 0;
  return policy == SCHED_FIFO || policy == SCHED_RR ? 1 : result(EINVAL);
}

/* The kernel's slice; a thread of SCHED_FIFO has none. */
int sched_rr_get_interval(pid_t pid, struct timespec *interval) {
  int policy, priority, error = get(pid, &policy, &priority);
  if (error)
    return result(error);
  *interval = (struct timespec){0, policy == SCHED_FIFO ? 0 : (long)sys_slice_ns()};
  return 0;
}

int sched_getcpu(void) { return sys_getcpu(); }

int getcpu(unsigned int *core, unsigned int *node) {
  if (core)
    *core = (unsigned int)sys_getcpu();
  if (node)
    *node = 0;
  return 0;
}

int sched_setaffinity(pid_t pid, size_t size, const cpu_set_t *set) {
  return result(pid < 0 ? ESRCH : -sys_affinity_set(tid_of(pid), set->__bits, size / sizeof *set->__bits));
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set) {
  if (pid < 0 || size % sizeof *set->__bits)
    return result(pid < 0 ? ESRCH : EINVAL);
  memset(set, 0, size);
  return result(-sys_affinity_get(tid_of(pid), set->__bits, size / sizeof *set->__bits));
}
