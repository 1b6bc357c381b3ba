/* The calling thread's cancellation state, and acting upon a request that is due. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

/* Set or clear one bit of the state, which others may change at the same time; what it was. */
static int change(uint32_t bit, int on) {
  uint32_t before = __pte_self.cancel;
  if (((before & bit) != 0) == on)
    return on;
  if (__libc_single_threaded)
    __pte_self.cancel = before ^ bit;
  else
    __atomic_fetch_xor(&__pte_self.cancel, bit, __ATOMIC_SEQ_CST);
  if (cancel_at_once())
    pthread_exit(PTHREAD_CANCELED);
  return !on;
}

int pthread_setcancelstate(int state, int *before) {
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
    return EINVAL;
  int was = change(CANCEL_DISABLED, state);
  if (before)
    *before = was;
  return 0;
}

int pthread_setcanceltype(int type, int *before) {
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
    return EINVAL;
  int was = change(CANCEL_ASYNC, type);
  if (before)
    *before = was;
  return 0;
}

void pthread_testcancel(void) {
  if (cancel_due())
    pthread_exit(PTHREAD_CANCELED);
}
