/* Cancellation state of the calling thread: stdio turns it off while it holds a lock. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>

#include "port.h"

static __thread unsigned char disabled, asynchronous;

/* Weak: a thread library that can cancel brings its own. */
__attribute__((weak)) int pthread_setcancelstate(int state, int *before) {
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
    return EINVAL;
  if (before)
    *before = disabled;
  disabled = (unsigned char)state;
  return 0;
}

__attribute__((weak)) int pthread_setcanceltype(int type, int *before) {
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
    return EINVAL;
  if (before)
    *before = asynchronous;
  asynchronous = (unsigned char)type;
  return 0;
}
