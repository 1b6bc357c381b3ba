/* Clocks and sleeping. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "blocking.h"
#include "port.h"
#include "state.h"

enum { NS_PER_US = 1000, US_PER_S = 1000000 };

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (clock >= HERMIT_THREAD_CLOCK)
    return result(sys_thread_cputime((int)clock - HERMIT_THREAD_CLOCK, now) ? -EINVAL : 0);
  return result(sys_clock_gettime((int)clock, now));
}

int clock_getres(clockid_t clock, struct timespec *step) {
  struct timespec now;
  if (clock < HERMIT_THREAD_CLOCK)
    return result(sys_clock_getres((int)clock, step));
  return clock_gettime(clock, &now) ? -1 : result(sys_clock_getres((int)CLOCK_THREAD_CPUTIME_ID, step));
}

/* Weak: only a program that has timers links them. */
void __hermit_timers_reset(void) __attribute__((weak));

int clock_settime(clockid_t clock, const struct timespec *now) {
  int error = sys_clock_settime((int)clock, now);
  if (error == 0 && __hermit_timers_reset)
    __hermit_timers_reset();
  return (int)result(error);
}

/* There is one process. */
int clock_getcpuclockid(pid_t pid, clockid_t *clock) {
  if (pid != 0 && pid != sys_getpid())
    return ESRCH;
  *clock = CLOCK_PROCESS_CPUTIME_ID;
  return 0;
}

static int sleep_until(int clock, int flags, const struct timespec *time, struct timespec *left) {
  return blocking((hermit_call)sys_clock_nanosleep, clock, flags, (long)time, (long)left);
}

/* Gives the error itself, as POSIX wants, not errno. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *left) {
  return clock >= HERMIT_THREAD_CLOCK ? EINVAL : -sleep_until((int)clock, flags, time, left);
}

int nanosleep(const struct timespec *time, struct timespec *left) {
  return result(sleep_until((int)CLOCK_REALTIME, 0, time, left));
}

int _gettimeofday_r(struct _reent *reent, struct timeval *now, void *zone) {
  return result_r(reent, sys_gettimeofday(now, zone));
}

/* In units of CLOCKS_PER_SEC, which clock() relies on: processor time, and as result the time since boot. */
_CLOCK_T_ _times_r(struct _reent *reent, struct tms *times) {
  struct timespec used;
  int error = sys_clock_gettime((int)CLOCK_PROCESS_CPUTIME_ID, &used);
  if (error < 0)
    return (_CLOCK_T_)result_r(reent, error);
  *times = (struct tms){.tms_utime = (clock_t)(used.tv_sec * US_PER_S + used.tv_nsec / NS_PER_US)};
  return sys_get_ticks() / NS_PER_US;
}
