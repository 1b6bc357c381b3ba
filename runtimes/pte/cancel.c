/* Requests for cancellation, and the signal that interrupts the thread they are for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <sys/ucontext.h>

#include "pte.h"

extern const char __pte_point_begin[] HIDDEN, __pte_point_end[] HIDDEN, __pte_point_cancelled[] HIDDEN;

/* On the thread that was cancelled. Deferred, only a wait that is about to begin must be kept from it: one that has
   begun is interrupted by the kernel, and other code comes to a point by itself. */
static void interrupted(int number, void *info, void *context) {
  (void)number, (void)info;
  if (cancel_at_once())
    pthread_exit(PTHREAD_CANCELED);
  greg_t *rip = &((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  if (cancel_due() && *rip >= (greg_t)__pte_point_begin && *rip < (greg_t)__pte_point_end)
    *rip = (greg_t)__pte_point_cancelled;
}

static void install(void) {
  static char installed;
  struct sys_sigaction action = {.handler = interrupted, .flags = SA_SIGINFO | SA_RESTART};
  if (__atomic_load_n(&installed, __ATOMIC_ACQUIRE))
    return;
  sys_sigaction(CANCEL_SIGNAL, &action, NULL);
  __atomic_store_n(&installed, 1, __ATOMIC_RELEASE);
}

int pthread_cancel(pthread_t id) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  uint32_t before = __atomic_fetch_or(&thread->cancel, CANCEL_PENDING, __ATOMIC_SEQ_CST);
  if (thread != &__pte_self && !(before & CANCEL_DUE) && thread->running) {
    install();
    sys_tkill(thread->tid, CANCEL_SIGNAL);
  }
  __pte_found();
  if (cancel_at_once())
    pthread_exit(PTHREAD_CANCELED);
  return 0;
}
