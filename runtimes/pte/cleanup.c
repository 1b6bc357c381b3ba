/* pthread_exit: handlers of the frames that are left, by the unwinder where the program has one, else by our list. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <unwind.h>

#include "pte.h"

/* Only programs whose frames have something to unwind (C++, C with -fexceptions) link the unwinder. */
#pragma weak _Unwind_ForcedUnwind
#pragma weak _Unwind_GetCFA

void _pthread_cleanup_push(struct _pthread_cleanup_context *context, void (*routine)(void *), void *argument) {
  context->_routine = routine;
  context->_arg = argument;
  context->_previous = __pte_self.cleanup;
  __pte_self.cleanup = context;
}

void _pthread_cleanup_pop(struct _pthread_cleanup_context *context, int execute) {
  void (*routine)(void *) = context->_routine;
  __pte_self.cleanup = context->_previous;
  context->_routine = NULL;
  if (execute)
    routine(context->_arg);
}

/* A frame with a handler was left, by pop (which emptied the context) or by an exception. */
void _pthread_cleanup_unwound(struct _pthread_cleanup_context *context) {
  if (context->_routine)
    _pthread_cleanup_pop(context, 1);
}

void _pthread_cleanup_push_defer(struct _pthread_cleanup_context *context, void (*routine)(void *), void *argument) {
  _pthread_cleanup_push(context, routine, argument);
  pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &context->_canceltype);
}

void _pthread_cleanup_pop_restore(struct _pthread_cleanup_context *context, int execute) {
  int type = context->_canceltype;
  _pthread_cleanup_pop(context, execute);
  pthread_setcanceltype(type, NULL);
}

/* Run the handlers of frames below an address; stacks grow down, so those are the inner ones. */
static void run_below(uintptr_t frame) {
  struct _pthread_cleanup_context *context;
  while ((context = __pte_self.cleanup) != NULL && (uintptr_t)context < frame)
    _pthread_cleanup_pop(context, 1);
}

static _Unwind_Reason_Code step(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                struct _Unwind_Exception *exception, struct _Unwind_Context *context, void *result) {
  (void)version, (void)kind, (void)exception;
  run_below(_Unwind_GetCFA(context));
  if (actions & _UA_END_OF_STACK) {
    run_below(UINTPTR_MAX);
    __pte_end(result);
  }
  return _URC_NO_REASON;
}

/* A catch (...) that did not pass it on: the thread cannot go on living. */
static void swallowed(_Unwind_Reason_Code reason, struct _Unwind_Exception *exception) {
  (void)reason, (void)exception;
  abort();
}

void pthread_exit(void *result) {
  static __thread struct _Unwind_Exception exception;
  own_tid();
  __atomic_fetch_or(&__pte_self.cancel, CANCEL_ENDING, __ATOMIC_RELAXED);
  if (_Unwind_ForcedUnwind) {
    exception.exception_cleanup = swallowed;
    _Unwind_ForcedUnwind(&exception, step, result);
  }
  /* without an unwinder, or where it lost its way */
  run_below(UINTPTR_MAX);
  __pte_end(result);
}
