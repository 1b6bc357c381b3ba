/* pthread_once. A routine that is cancelled has not run: the next caller starts it anew. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>

#include "pte.h"

enum { UNTOUCHED, RUNNING, DONE, AWAITED }; /* AWAITED: running, and others wait */

static void finish(pthread_once_t *once, int state) {
  volatile uint32_t *word = (volatile uint32_t *)once;
  if (__atomic_exchange_n(word, (uint32_t)state, __ATOMIC_RELEASE) == AWAITED)
    sys_futex_wake(word, INT_MAX);
}

static void cancelled(void *once) { finish(once, UNTOUCHED); }

static void run(pthread_once_t *once, void (*routine)(void)) {
  struct _pthread_cleanup_context context;
  _pthread_cleanup_push(&context, cancelled, once);
  routine();
  _pthread_cleanup_pop(&context, 0);
  finish(once, DONE);
}

int pthread_once(pthread_once_t *once, void (*routine)(void)) {
  volatile uint32_t *word = (volatile uint32_t *)once;
  uint32_t state = __atomic_load_n(word, __ATOMIC_ACQUIRE);
  while (!LIKELY(state == DONE)) {
    if (state == UNTOUCHED) {
      if (__atomic_compare_exchange_n(word, &state, RUNNING, 0, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
        run(once, routine);
        return 0;
      }
    } else if (state == AWAITED ||
               __atomic_compare_exchange_n(word, &state, AWAITED, 0, __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE)) {
      __pte_wait(word, AWAITED, NULL, 0);
      state = __atomic_load_n(word, __ATOMIC_ACQUIRE);
    }
  }
  return 0;
}
