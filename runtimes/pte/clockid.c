/* A thread's clock of processor time; the C library's clock_gettime() knows such clocks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "../newlib/port/state.h"
#include "pte.h"

int pthread_getcpuclockid(pthread_t id, clockid_t *clock) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  *clock = (clockid_t)(HERMIT_THREAD_CLOCK + thread->tid);
  __pte_found();
  return 0;
}
