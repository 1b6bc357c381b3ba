/* SIGEV_THREAD: a timer's function runs in a thread of its own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdlib.h>

#include "port.h"
#include "timers.h"

enum { FIFO = 1, HIGHEST = 31, OTHER = 0, NORMAL = 8 };

struct call {
  void (*function)(union sigval);
  union sigval value;
  sigset_t mask;
};

static void *run(void *argument) {
  struct call call = *(struct call *)argument;
  free(argument);
  pthread_sigmask(SIG_SETMASK, &call.mask, NULL);
  call.function(call.value);
  return NULL;
}

/* On the timers' own thread, whose urgency is not the function's. Without memory for a thread the expiration is lost. */
void __hermit_timer_notify(const struct timer *timer) {
  struct call *call = malloc(sizeof *call);
  pthread_t thread;
  if (call == NULL)
    return;
  *call = (struct call){timer->event.sigev_notify_function, timer->event.sigev_value, timer->mask};
  sys_sched_set(0, OTHER, NORMAL);
  int error = pthread_create(&thread, timer->event.sigev_notify_attributes, run, call);
  sys_sched_set(0, FIFO, HIGHEST);
  if (error)
    free(call);
  else
    pthread_detach(thread);
}
