/* What the files about timers share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PORT_TIMERS_H
#define PORT_TIMERS_H

#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>

enum { NS_PER_S = 1000000000, NS_PER_US = 1000 };

/* The first ones are setitimer's; a timer_t is a timer's place here. */
enum { ITIMERS = 3, TIMERS = ITIMERS + TIMER_MAX };

struct timer {
  volatile int used;
  clockid_t clock; /* as asked for */
  clockid_t base;  /* what `due` counts on */
  uint64_t due;    /* ns; 0: not set */
  uint64_t interval;
  int overrun; /* of the signal taken last; the kernel's to write */
  struct sigevent event;
  sigset_t mask; /* its creator's, for SIGEV_THREAD */
};

struct timer *__hermit_timer(unsigned number);

/* Hold all timers still: signal handlers may set timers, too, so none runs meanwhile. */
void __hermit_timers_lock(sigset_t *before);
void __hermit_timers_unlock(const sigset_t *before);

/* Set a timer, the lock held: first at `due` of its base clock (0: never), then after each interval. -EAGAIN without a thread for it. */
int __hermit_timer_set(struct timer *timer, uint64_t due, uint64_t interval);

/* Time until it expires, at least 1 ns if it is set; the lock held. */
uint64_t __hermit_timer_left(const struct timer *timer);

/* The wall clock was set. */
void __hermit_timers_reset(void);

/* Run the function of SIGEV_THREAD. */
void __hermit_timer_notify(const struct timer *timer);

/* What a clock shows; the clock exists. */
static inline uint64_t clock_ns(clockid_t clock) {
  struct timespec now = {0};
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Centuries ahead: nearly for ever, and no sum with it overflows. */
#define LATE ((uint64_t)1 << 62)

static inline uint64_t timespec_ns(const struct timespec *time) {
  if ((uint64_t)time->tv_sec >= LATE / NS_PER_S)
    return LATE;
  return (uint64_t)time->tv_sec * NS_PER_S + (uint64_t)time->tv_nsec;
}

static inline struct timespec ns_timespec(uint64_t ns) {
  return (struct timespec){(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S)};
}

#endif
