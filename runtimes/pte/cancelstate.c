/* The calling thread's cancellation state, and acting upon a request that is due. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

/* Set or clear one bit of the state; what it was. */
static int change(uint32_t bit, int on) {
  uint32_t before = on ? __atomic_fetch_or(&__pte_self.cancel, bit, __ATOMIC_SEQ_CST)
                       : __atomic_fetch_and(&__pte_self.cancel, ~bit, __ATOMIC_SEQ_CST);
  if (cancel_at_once())
    pthread_exit(PTHREAD_CANCELED);
  return (before & bit) != 0;
}

int pthread_setcancelstate(int state, int *before) {
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
    return EINVAL;
  int was = ((__pte_self.cancel & CANCEL_DISABLED) != 0) == state ? state : change(CANCEL_DISABLED, state);
  if (before)
    *before = was;
  return 0;
}

int pthread_setcanceltype(int type, int *before) {
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
    return EINVAL;
  int was = ((__pte_self.cancel & CANCEL_ASYNC) != 0) == type ? type : change(CANCEL_ASYNC, type);
  if (before)
    *before = was;
  return 0;
}

void pthread_testcancel(void) {
  if (cancel_due())
    pthread_exit(PTHREAD_CANCELED);
}
