/* The program's end: newlib's exit(), for programs with threads. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/lock.h>
#include <unistd.h>

#include "port.h"

extern void __call_exitprocs(int code, void *image);
extern void __pte_run_destructors(void);
/* Part of stdio: a program without it has nothing to flush. */
extern int _fflush_r(struct _reent *reent, FILE *stream) __attribute__((weak));

enum { LOCK_TRIES = 1000 }; /* a millisecond each */

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

/* Take a stream for good. Not one that a thread holds which waits for its input or output: that may be for ever. */
static int claim_stream(FILE *stream) {
  for (int i = 0; i < LOCK_TRIES; i++) {
    if (__retarget_lock_try_acquire_recursive(stream->_lock))
      return 1;
    sys_msleep(1);
  }
  return 0;
}

/* What streams hold that was written to them. */
static void flush_all(void) {
  for (struct _glue *glue = &_GLOBAL_REENT->__sglue; glue; glue = glue->_next)
    for (int i = 0; i < glue->_niobs; i++) {
      FILE *stream = &glue->_iobs[i];
      if (stream->_flags & __SWR && claim_stream(stream))
        _fflush_r(_GLOBAL_REENT, stream);
    }
}

/* newlib's own flushes only if the main thread used a stream, waits for streams that others hold, and lets two threads
   end the program at once. */
void exit(int code) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  claim();
  __pte_run_destructors();
  __call_exitprocs(code, NULL);
  if (_fflush_r)
    flush_all();
  _exit(code);
}
