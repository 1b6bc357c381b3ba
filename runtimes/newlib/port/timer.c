/* POSIX timers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "port.h"
#include "signals.h"
#include "state.h"
#include "timers.h"

/* Does the event make sense? */
static int is_right(const struct sigevent *event) {
  switch (event->sigev_notify) {
  case SIGEV_NONE:
    return 1;
  case SIGEV_SIGNAL:
  case SIGEV_THREAD_ID:
    return is_signal(event->sigev_signo);
  case SIGEV_THREAD:
    return event->sigev_notify_function != NULL;
  default:
    return 0;
  }
}

static struct timer *claim(timer_t *id) {
  for (unsigned number = ITIMERS; number < TIMERS; number++) {
    struct timer *timer = __hermit_timer(number);
    int expected = 0;
    if (__atomic_compare_exchange_n(&timer->used, &expected, 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
      *id = number;
      return timer;
    }
  }
  return NULL;
}

int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict id) {
  struct timespec now;
  struct sigevent by_default = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
  timer_t number;
  if (clock_gettime(clock, &now) < 0 || (event && !is_right(event)))
    return fails(EINVAL);
  struct timer *timer = claim(&number);
  if (timer == NULL)
    return fails(EAGAIN);
  by_default.sigev_value.sival_int = (int)number;
  timer->clock = timer->base = clock == CLOCK_THREAD_CPUTIME_ID ? (clockid_t)(HERMIT_THREAD_CLOCK + sys_gettid()) : clock;
  timer->overrun = 0;
  timer->event = event ? *event : by_default;
  sys_sigprocmask(SIG_SETMASK, NULL, &timer->mask);
  *id = number;
  return 0;
}

/* The timer of that number with the lock held, or NULL. */
static struct timer *hold(timer_t id, sigset_t *mask) {
  struct timer *timer = id < TIMERS ? __hermit_timer((unsigned)id) : NULL;
  if (timer == NULL || id < ITIMERS)
    return NULL;
  __hermit_timers_lock(mask);
  if (timer->used)
    return timer;
  __hermit_timers_unlock(mask);
  return NULL;
}

int timer_delete(timer_t id) {
  sigset_t mask;
  struct timer *timer = hold(id, &mask);
  if (timer == NULL)
    return fails(EINVAL);
  __hermit_timer_set(timer, 0, 0);
  __atomic_store_n(&timer->used, 0, __ATOMIC_RELEASE);
  __hermit_timers_unlock(&mask);
  return 0;
}

static void tell(const struct timer *timer, struct itimerspec *setting) {
  setting->it_value = ns_timespec(__hermit_timer_left(timer));
  setting->it_interval = ns_timespec(timer->due ? timer->interval : 0);
}

static int is_time(const struct timespec *time) {
  return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < NS_PER_S;
}

/* A time from now is the monotonic clock's: it does not change when the wall clock is set. */
static uint64_t due_time(struct timer *timer, const struct timespec *value, int absolute) {
  uint64_t ns = timespec_ns(value);
  int wall = timer->clock != CLOCK_PROCESS_CPUTIME_ID && timer->clock < HERMIT_THREAD_CLOCK;
  timer->base = wall && (!absolute || timer->clock != CLOCK_REALTIME) ? CLOCK_MONOTONIC : timer->clock;
  if (value->tv_sec == 0 && value->tv_nsec == 0)
    return 0;
  return absolute ? ns : clock_ns(timer->base) + ns;
}

int timer_settime(timer_t id, int flags, const struct itimerspec *restrict setting, struct itimerspec *restrict before) {
  sigset_t mask;
  if (setting == NULL || !is_time(&setting->it_value) || !is_time(&setting->it_interval))
    return fails(EINVAL);
  struct timer *timer = hold(id, &mask);
  if (timer == NULL)
    return fails(EINVAL);
  struct itimerspec old;
  tell(timer, &old);
  uint64_t due = due_time(timer, &setting->it_value, flags & TIMER_ABSTIME);
  int error = __hermit_timer_set(timer, due, timespec_ns(&setting->it_interval));
  __hermit_timers_unlock(&mask);
  if (error == 0 && before)
    *before = old;
  return result(error);
}

int timer_gettime(timer_t id, struct itimerspec *setting) {
  sigset_t mask;
  struct timer *timer = hold(id, &mask);
  if (timer == NULL)
    return fails(EINVAL);
  tell(timer, setting);
  __hermit_timers_unlock(&mask);
  return 0;
}

int timer_getoverrun(timer_t id) {
  sigset_t mask;
  struct timer *timer = hold(id, &mask);
  if (timer == NULL)
    return fails(EINVAL);
  int overrun = timer->overrun;
  __hermit_timers_unlock(&mask);
  return overrun;
}
