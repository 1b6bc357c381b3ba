/* pthread_once. A routine that is cancelled, or left by an exception, has not run: the next caller starts it anew. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <unwind.h>

#include "pte.h"

enum { UNTOUCHED, RUNNING, DONE, AWAITED }; /* AWAITED: running, and others wait */

static void finish(pthread_once_t *once, int state) {
  volatile uint32_t *word = (volatile uint32_t *)once;
  if (__atomic_exchange_n(word, (uint32_t)state, __ATOMIC_RELEASE) == AWAITED)
    sys_futex_wake(word, INT_MAX);
}

static void cancelled(void *once) { finish(once, UNTOUCHED); }

/* The unwinder calls this where it passes `run`; it does there what a landing pad would. gcc's own personality for C
   would bring the unwinder into every program. */
__attribute__((used)) static _Unwind_Reason_Code left(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                                      struct _Unwind_Exception *exception,
                                                      struct _Unwind_Context *context) {
  (void)version, (void)kind, (void)exception, (void)context;
  struct _pthread_cleanup_context *handler = __pte_self.cleanup;
  if (actions & _UA_CLEANUP_PHASE && handler && handler->_routine == cancelled)
    _pthread_cleanup_pop(handler, 1);
  return _URC_CONTINUE_UNWIND;
}

__attribute__((noinline)) static void run(pthread_once_t *once, void (*routine)(void)) {
  struct _pthread_cleanup_context context;
  __asm__ volatile(".cfi_personality 0x1b, left"); /* 0x1b: as a signed distance of 32 bits */
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
