/* System calls that block: cancellation points. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PORT_BLOCKING_H
#define PORT_BLOCKING_H

#include <pthread.h>

#include "port.h"

/* -EINTR where a cancellation is due, or comes before the call has had any effect. */
typedef void (*hermit_call)(void); /* cast to it; called with what it takes */
long __pte_point(hermit_call what, long a, long b, long c, long d, long e);

/* A call that gives an int, which does not return where the thread is cancelled. */
static inline int blocking(hermit_call what, long a, long b, long c, long d) {
  int done = (int)__pte_point(what, a, b, c, d, 0);
  if (done == -EINTR)
    pthread_testcancel();
  return done;
}

/* The same for one that gives a length. */
static inline ssize_t blocking_length(hermit_call what, long a, long b, long c, long d) {
  ssize_t done = __pte_point(what, a, b, c, d, 0);
  if (done == -EINTR)
    pthread_testcancel();
  return done;
}

#endif
