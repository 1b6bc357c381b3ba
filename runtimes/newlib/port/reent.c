/* struct _reent of each thread, in its thread-local storage. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "state.h"

static __thread struct _reent own;
static __thread struct _reent *current;

struct _reent *__getreent(void) {
  struct _reent *reent = current;
  if (__builtin_expect(reent == NULL, 0)) {
    /* a thread's first use of the library; its storage starts as zeros */
    _REENT_INIT_PTR_ZEROED(&own);
    reent = current = &own;
  }
  return reent;
}

void __hermit_reent_main(void) { current = _GLOBAL_REENT; }

void __hermit_reent_end(void) {
  if (current == &own)
    _reclaim_reent(&own);
}

int *__errno(void) { return &__getreent()->_errno; }

/* glibc's name for it, which precompiled GCC runtimes use. */
int *__errno_location(void) { return &__getreent()->_errno; }
