/* The three older timers: alarm, and those of setitimer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "port.h"
#include "timers.h"

enum { US_PER_S = 1000000 };

static const struct {
  int signal;
  clockid_t clock;
} kinds[ITIMERS] = {
    [ITIMER_REAL] = {SIGALRM, CLOCK_MONOTONIC},
    [ITIMER_VIRTUAL] = {SIGVTALRM, CLOCK_PROCESS_CPUTIME_ID},
    [ITIMER_PROF] = {SIGPROF, CLOCK_PROCESS_CPUTIME_ID},
};

static struct timeval ns_timeval(uint64_t ns) {
  /* what is left is never told as nothing */
  uint64_t us = (ns + NS_PER_US - 1) / NS_PER_US;
  return (struct timeval){(time_t)(us / US_PER_S), (suseconds_t)(us % US_PER_S)};
}

static void tell(const struct timer *timer, struct itimerval *setting) {
  setting->it_value = ns_timeval(__hermit_timer_left(timer));
  setting->it_interval = ns_timeval(timer->due ? timer->interval : 0);
}

static int is_time(const struct timeval *time) {
  return time->tv_sec >= 0 && time->tv_usec >= 0 && time->tv_usec < US_PER_S;
}

static uint64_t timeval_ns(const struct timeval *time) {
  struct timespec same = {time->tv_sec, time->tv_usec * NS_PER_US};
  return timespec_ns(&same);
}

int getitimer(int which, struct itimerval *setting) {
  sigset_t mask;
  if (which < 0 || which >= ITIMERS)
    return fails(EINVAL);
  __hermit_timers_lock(&mask);
  tell(__hermit_timer((unsigned)which), setting);
  __hermit_timers_unlock(&mask);
  return 0;
}

int setitimer(int which, const struct itimerval *restrict setting, struct itimerval *restrict before) {
  static const struct itimerval off;
  sigset_t mask;
  if (which < 0 || which >= ITIMERS)
    return fails(EINVAL);
  if (setting == NULL)
    setting = &off;
  if (!is_time(&setting->it_value) || !is_time(&setting->it_interval))
    return fails(EINVAL);
  struct timer *timer = __hermit_timer((unsigned)which);
  struct itimerval old;
  __hermit_timers_lock(&mask);
  timer->base = kinds[which].clock;
  timer->event.sigev_signo = kinds[which].signal;
  tell(timer, &old);
  uint64_t ns = timeval_ns(&setting->it_value);
  int error = __hermit_timer_set(timer, ns ? clock_ns(timer->base) + ns : 0, timeval_ns(&setting->it_interval));
  __hermit_timers_unlock(&mask);
  if (error == 0 && before)
    *before = old;
  return (int)result(error);
}

unsigned int alarm(unsigned int seconds) {
  struct itimerval setting = {.it_value = {seconds, 0}}, before;
  if (setitimer(ITIMER_REAL, &setting, &before) < 0)
    return 0;
  /* to the nearest second, but never to none */
  time_t left = before.it_value.tv_sec;
  if (before.it_value.tv_usec >= US_PER_S / 2 || (left == 0 && before.it_value.tv_usec > 0))
    left++;
  return (unsigned int)left;
}

useconds_t ualarm(useconds_t first, useconds_t interval) {
  struct itimerval setting = {
      .it_value = {(time_t)(first / US_PER_S), (suseconds_t)(first % US_PER_S)},
      .it_interval = {(time_t)(interval / US_PER_S), (suseconds_t)(interval % US_PER_S)},
  }, before;
  if (setitimer(ITIMER_REAL, &setting, &before) < 0)
    return (useconds_t)-1;
  return (useconds_t)(before.it_value.tv_sec * US_PER_S + before.it_value.tv_usec);
}
