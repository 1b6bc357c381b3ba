/* The thread that waits for timers. It begins with the first timer that is set, goes before all others, takes no signal,
   and does not count as one of the program's. While none is set it waits for ever: then it keeps no deadlock from being
   found. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/single_threaded.h>

#include "port.h"
#include "timers.h"

enum { STACK = 65536, FIFO = 1, HIGHEST = 31, NS_PER_MS = 1000000, FINEST = 100000 };

static struct timer timers[TIMERS];
static volatile uint32_t lock;   /* 0 free, 1 held, 2 held and waited for */
static volatile uint32_t change; /* counts what the thread must look at anew */
static uint64_t wakes;           /* when it does so anyway, monotonic ns */
static int begun;

struct timer *__hermit_timer(unsigned number) { return number < TIMERS ? &timers[number] : NULL; }

static void take(void) {
  uint32_t expected = 0;
  if (__atomic_compare_exchange_n(&lock, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
    return;
  while (__atomic_exchange_n(&lock, 2, __ATOMIC_ACQUIRE) != 0)
    sys_futex_wait(&lock, 2, NULL);
}

static void leave(void) {
  if (__atomic_exchange_n(&lock, 0, __ATOMIC_RELEASE) == 2)
    sys_futex_wake(&lock, 1);
}

void __hermit_timers_lock(sigset_t *before) {
  const sigset_t all = ~(sigset_t)0;
  sys_sigprocmask(SIG_SETMASK, &all, before);
  take();
}

void __hermit_timers_unlock(const sigset_t *before) {
  leave();
  sys_sigprocmask(SIG_SETMASK, before, NULL);
}

static void notify(struct timer *timer, unsigned number, unsigned count) {
  struct sigevent *event = &timer->event;
  if (number < ITIMERS)
    sys_sigqueue(0, event->sigev_signo, SI_KERNEL, NULL);
  else if (event->sigev_notify == SIGEV_SIGNAL)
    sys_sigtimer(0, event->sigev_signo, event->sigev_value.sival_ptr, number, count, &timer->overrun);
  else if (event->sigev_notify == SIGEV_THREAD_ID)
    sys_sigtimer(event->sigev_notify_thread_id, event->sigev_signo, event->sigev_value.sival_ptr, number, count,
                 &timer->overrun);
  else if (event->sigev_notify == SIGEV_THREAD)
    timer->overrun = (int)count - 1;
}

static void expire(struct timer *timer, unsigned number, uint64_t now) {
  uint64_t count = 1;
  if (timer->interval) {
    count += (now - timer->due) / timer->interval;
    timer->due += count * timer->interval;
  } else {
    timer->due = 0;
  }
  notify(timer, number, count < INT32_MAX ? (unsigned)count : INT32_MAX);
}

/* After which time to look at a timer again. Processor time passes at most as fast as there are cores; the wall clock
   may be set meanwhile. */
static uint64_t patience(const struct timer *timer, uint64_t left) {
  if (timer->base == CLOCK_MONOTONIC)
    return left;
  if (timer->base == CLOCK_REALTIME)
    return left < NS_PER_S ? left : NS_PER_S;
  if (timer->base == CLOCK_PROCESS_CPUTIME_ID)
    left /= (unsigned)sys_get_processor_count();
  return left > FINEST ? left : FINEST;
}

/* Let expire what has come; gives when to look next. One whose function must be called is copied, and the rest waits: a
   thread cannot be made with the lock held, as a handler that wants it may have interrupted malloc. */
static uint64_t look(struct timer *called) {
  uint64_t next = UINT64_MAX;
  for (unsigned number = 0; number < TIMERS; number++) {
    struct timer *timer = &timers[number];
    if (timer->due == 0)
      continue;
    uint64_t now = clock_ns(timer->base);
    if (now >= timer->due) {
      expire(timer, number, now);
      if (number >= ITIMERS && timer->event.sigev_notify == SIGEV_THREAD) {
        *called = *timer;
        return 0;
      }
    }
    if (timer->due == 0)
      continue;
    uint64_t time = clock_ns(CLOCK_MONOTONIC) + patience(timer, timer->due - now);
    if (time < next)
      next = time;
  }
  return next;
}

static void serve(void *argument) {
  (void)argument;
  for (;;) {
    struct timer called;
    take();
    uint64_t next = wakes = look(&called);
    uint32_t seen = change;
    leave();
    if (next == 0) {
      __hermit_timer_notify(&called);
      continue;
    }
    struct timespec deadline = ns_timespec(next);
    sys_futex_wait_until(&change, seen, CLOCK_MONOTONIC, next == UINT64_MAX ? NULL : &deadline);
  }
}

/* All signals are blocked, and the thread inherits that. */
static int begin(void) {
  struct sys_thread_options options = {.stack_size = STACK, .policy = FIFO, .priority = HIGHEST};
  struct sys_thread thread;
  if (begun)
    return 0;
  __libc_single_threaded = 0;
  int error = sys_thread_new(&options, &thread);
  if (error < 0)
    return error;
  begun = 1;
  wakes = UINT64_MAX;
  sys_thread_start(thread.tid, serve, NULL);
  return 0;
}

int __hermit_timer_set(struct timer *timer, uint64_t due, uint64_t interval) {
  int error = due ? begin() : 0;
  if (error < 0)
    return error;
  timer->due = due;
  timer->interval = interval;
  /* one that is set to a later time, or not any more, is looked at for nothing once */
  if (due && (timer->base != CLOCK_MONOTONIC || due < wakes))
    __hermit_timers_reset();
  return 0;
}

void __hermit_timers_reset(void) {
  __atomic_fetch_add(&change, 1, __ATOMIC_RELEASE);
  sys_futex_wake(&change, 1);
}

uint64_t __hermit_timer_left(const struct timer *timer) {
  if (timer->due == 0)
    return 0;
  uint64_t now = clock_ns(timer->base);
  return now < timer->due ? timer->due - now : 1;
}
