/* What a program may ask about the system. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "port.h"

enum { ENTROPY_MAX = 256, KIB = 1024, NS_PER_US = 1000 };

/* The options of sys/features.h. */
static long posix_option(int name) {
  switch (name) {
  case _SC_VERSION:
  case _SC_BARRIERS:
  case _SC_CLOCK_SELECTION:
  case _SC_CPUTIME:
  case _SC_FSYNC:
  case _SC_MAPPED_FILES:
  case _SC_MEMORY_PROTECTION:
  case _SC_MONOTONIC_CLOCK:
  case _SC_PRIORITY_SCHEDULING:
  case _SC_READER_WRITER_LOCKS:
  case _SC_REALTIME_SIGNALS:
  case _SC_SEMAPHORES:
  case _SC_SPIN_LOCKS:
  case _SC_THREADS:
  case _SC_THREAD_ATTR_STACKADDR:
  case _SC_THREAD_ATTR_STACKSIZE:
  case _SC_THREAD_CPUTIME:
  case _SC_THREAD_PRIO_INHERIT:
  case _SC_THREAD_PRIO_PROTECT:
  case _SC_THREAD_PRIORITY_SCHEDULING:
  case _SC_THREAD_PROCESS_SHARED:
  case _SC_THREAD_ROBUST_PRIO_INHERIT:
  case _SC_THREAD_ROBUST_PRIO_PROTECT:
  case _SC_THREAD_SAFE_FUNCTIONS:
  case _SC_TIMEOUTS:
  case _SC_TIMERS:
    return _POSIX_VERSION;
  default:
    return 0;
  }
}

long sysconf(int name) {
  long option = posix_option(name);
  if (option)
    return option;
  switch (name) {
  case _SC_ARG_MAX:
    return ARG_MAX;
  case _SC_CHILD_MAX:
    return CHILD_MAX;
  case _SC_CLK_TCK:
    return CLOCKS_PER_SEC; /* what times() counts */
  case _SC_HOST_NAME_MAX:
    return HOST_NAME_MAX;
  case _SC_IOV_MAX:
    return IOV_MAX;
  case _SC_LINE_MAX:
    return LINE_MAX;
  case _SC_NGROUPS_MAX:
    return NGROUPS_MAX;
  case _SC_OPEN_MAX:
    return OPEN_MAX;
  case _SC_PAGESIZE:
    return sys_getpagesize();
  case _SC_NPROCESSORS_CONF:
  case _SC_NPROCESSORS_ONLN:
    return sys_get_processor_count();
  case _SC_PHYS_PAGES:
    return (long)(sys_memory_total() / sys_getpagesize());
  case _SC_AVPHYS_PAGES:
    return (long)(sys_memory_free() / sys_getpagesize());
  case _SC_RTSIG_MAX:
    return SIGRTMAX - SIGRTMIN + 1;
  case _SC_DELAYTIMER_MAX:
    return DELAYTIMER_MAX;
  case _SC_LOGIN_NAME_MAX:
    return LOGIN_NAME_MAX;
  case _SC_SIGQUEUE_MAX:
    return SIGQUEUE_MAX;
  case _SC_TIMER_MAX:
    return TIMER_MAX;
  case _SC_TTY_NAME_MAX:
    return TTY_NAME_MAX;
  case _SC_SEM_VALUE_MAX:
    return SEM_VALUE_MAX;
  case _SC_STREAM_MAX:
    return STREAM_MAX;
  case _SC_SYMLOOP_MAX:
    return SYMLOOP_MAX;
  case _SC_THREAD_DESTRUCTOR_ITERATIONS:
    return PTHREAD_DESTRUCTOR_ITERATIONS;
  case _SC_THREAD_KEYS_MAX:
    return PTHREAD_KEYS_MAX;
  case _SC_THREAD_STACK_MIN:
    return PTHREAD_STACK_MIN;
  case _SC_TZNAME_MAX:
    return TZNAME_MAX;
  default:
    /* a name without a limit keeps errno, an unknown one does not */
    return name >= 0 && name <= _SC_2_PBS_TRACK ? -1 : fails(EINVAL);
  }
}

long pathconf(const char *path, int name) {
  (void)path;
  switch (name) {
  case _PC_LINK_MAX:
    return LINK_MAX;
  case _PC_NAME_MAX:
    return NAME_MAX;
  case _PC_PATH_MAX:
    return PATH_MAX;
  case _PC_PIPE_BUF:
    return PIPE_BUF;
  case _PC_MAX_CANON:
  case _PC_MAX_INPUT:
    return MAX_INPUT;
  case _PC_NO_TRUNC:
    return 1;
  default:
    return fails(EINVAL);
  }
}

long fpathconf(int fd, int name) { return sys_getfd(fd) >= 0 ? pathconf("/", name) : fails(EBADF); }

int getdtablesize(void) { return OPEN_MAX; }

int gethostname(char *name, size_t size) {
  static const char host[] = "hermit";
  if (size < sizeof host)
    return fails(ENAMETOOLONG);
  memcpy(name, host, sizeof host);
  return 0;
}

int uname(struct utsname *name) {
  *name = (struct utsname){.sysname = "hermit", .nodename = "hermit", .release = "1", .version = "1", .machine = "x86_64"};
  return 0;
}

int getrusage(int who, struct rusage *usage) {
  struct timespec used;
  if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
    return fails(EINVAL);
  memset(usage, 0, sizeof *usage);
  if (who == RUSAGE_CHILDREN)
    return 0;
  int error = sys_clock_gettime((int)(who == RUSAGE_THREAD ? CLOCK_THREAD_CPUTIME_ID : CLOCK_PROCESS_CPUTIME_ID), &used);
  if (error < 0)
    return (int)result(error);
  usage->ru_utime = (struct timeval){used.tv_sec, used.tv_nsec / NS_PER_US};
  usage->ru_maxrss = (long)((sys_memory_total() - sys_memory_free()) / KIB);
  return 0;
}

/* Soft limits that a program lowered: noted where nothing depends on them, refused where something would. */
static struct rlimit noted[RLIMIT_AS + 1];

static int is_noted(int resource) {
  return resource == RLIMIT_STACK || resource == RLIMIT_CORE || resource == RLIMIT_NPROC || resource == RLIMIT_RSS ||
         resource == RLIMIT_MEMLOCK;
}

int getrlimit(int resource, struct rlimit *limit) {
  rlim_t value = RLIM_INFINITY;
  if (resource < 0 || resource > RLIMIT_AS)
    return fails(EINVAL);
  if (resource == RLIMIT_NOFILE)
    value = OPEN_MAX;
  else if (resource == RLIMIT_DATA || resource == RLIMIT_AS)
    value = sys_memory_total();
  else if (resource == RLIMIT_CORE)
    value = 0;
  *limit = noted[resource].rlim_max ? noted[resource] : (struct rlimit){value, value};
  return 0;
}

int setrlimit(int resource, const struct rlimit *limit) {
  struct rlimit now;
  if (getrlimit(resource, &now) < 0)
    return -1;
  if (limit->rlim_cur > limit->rlim_max)
    return fails(EINVAL);
  if (limit->rlim_cur == now.rlim_cur && limit->rlim_max == now.rlim_max)
    return 0;
  if (!is_noted(resource) || limit->rlim_max > now.rlim_max)
    return fails(EPERM);
  noted[resource] = *limit;
  return 0;
}

ssize_t getrandom(void *buffer, size_t length, unsigned int flags) {
  return result(sys_read_entropy(buffer, length, flags));
}

int getentropy(void *buffer, size_t length) {
  if (length > ENTROPY_MAX)
    return fails(EIO);
  return sys_read_entropy(buffer, length, 0) == (int64_t)length ? 0 : fails(EIO);
}

int getpriority(int which, unsigned int who) {
  if (which != PRIO_PROCESS && which != PRIO_PGRP && which != PRIO_USER)
    return fails(EINVAL);
  return who == 0 || who == (unsigned int)sys_getpid() ? 0 : fails(ESRCH);
}

int setpriority(int which, unsigned int who, int priority) {
  if (getpriority(which, who) < 0)
    return -1;
  return priority == 0 ? 0 : fails(ENOSYS);
}

/* Priority 0 is the only one; being nicer changes nothing. */
int nice(int more) { return more < 0 ? fails(EPERM) : 0; }
