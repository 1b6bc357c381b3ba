/* Waiting for signals. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <unistd.h>

#include "blocking.h"
#include "port.h"
#include "signals.h"

int sigsuspend(const sigset_t *set) { return result(blocking((hermit_call)sys_sigsuspend, (long)set, 0, 0, 0)); }

int pause(void) {
  sigset_t mask;
  sys_sigprocmask(SIG_SETMASK, NULL, &mask);
  return sigsuspend(&mask);
}

/* System V's: a signal, not a mask. */
int __xpg_sigpause(int number) {
  sigset_t mask;
  sys_sigprocmask(SIG_SETMASK, NULL, &mask);
  if (sigdelset(&mask, number) < 0)
    return -1;
  return sigsuspend(&mask);
}

/* BSD's. */
#undef sigpause
int bsd_sigpause(int) __asm__("sigpause");
int bsd_sigpause(int low) {
  sigset_t mask;
  sys_sigprocmask(SIG_SETMASK, NULL, &mask);
  mask = (mask & ~(sigset_t)(unsigned int)~0) | (unsigned int)low;
  return sigsuspend(&mask);
}

static int wait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout) {
  return blocking((hermit_call)sys_sigtimedwait, (long)set, (long)info, (long)timeout, 0);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout) {
  return result(wait(set, info, timeout));
}

int sigwaitinfo(const sigset_t *set, siginfo_t *info) { return sigtimedwait(set, info, NULL); }

/* Gives the error itself; a handler that runs meanwhile ends nothing. */
int sigwait(const sigset_t *set, int *number) {
  int got;
  do
    got = wait(set, NULL, NULL);
  while (got == -EINTR);
  if (got < 0)
    return -got;
  *number = got;
  return 0;
}
