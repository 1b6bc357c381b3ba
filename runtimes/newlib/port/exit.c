/* The program's end: newlib's exit(), for programs with threads. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "port.h"
#include "state.h"

extern void __call_exitprocs(int code, void *image);
extern void __pte_run_destructors(void);
/* Part of stdio: a program without it has nothing to flush. */
extern void _cleanup_r(struct _reent *reent) __attribute__((weak));

/* The thread that ends the program; a handler of its may call exit() again, others that do wait for the end. */
static void claim(void) {
  static void *owner;
  static volatile uint32_t never;
  void *self = __builtin_thread_pointer(), *expected = NULL;
  if (__atomic_compare_exchange_n(&owner, &expected, self, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED) || expected == self)
    return;
  for (;;)
    sys_futex_wait(&never, 0, NULL);
}

/* newlib's own flushes only if the main thread used a stream, and lets two threads end the program at once. */
void exit(int code) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  claim();
  __pte_run_destructors();
  __call_exitprocs(code, NULL);
  if (_cleanup_r)
    _cleanup_r(_GLOBAL_REENT);
  _exit(code);
}
