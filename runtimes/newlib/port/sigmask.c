/* The calling thread's mask, and System V's names for changing it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>

#include "port.h"
#include "signals.h"

int pthread_sigmask(int how, const sigset_t *set, sigset_t *before) { return -sys_sigprocmask(how, set, before); }

int sigprocmask(int how, const sigset_t *set, sigset_t *before) { return result(sys_sigprocmask(how, set, before)); }

int sigpending(sigset_t *set) { return result(sys_sigpending(set)); }

static int change(int how, int number) {
  if (!is_signal(number))
    return fails(EINVAL);
  sigset_t set = signal_bit(number);
  return sigprocmask(how, &set, NULL);
}

int sighold(int number) { return change(SIG_BLOCK, number); }

int sigrelse(int number) { return change(SIG_UNBLOCK, number); }

int sigignore(int number) {
  struct sigaction action = {0};
  action.sa_handler = SIG_IGN;
  return sigaction(number, &action, NULL);
}

void (*sigset(int number, void (*handler)(int)))(int) {
  struct sigaction action = {0}, before;
  sigset_t mask;
  int hold = handler == SIG_HOLD;
  action.sa_handler = handler;
  if (sigaction(number, hold ? NULL : &action, &before) < 0)
    return SIG_ERR;
  sigset_t set = signal_bit(number);
  sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, &mask);
  return mask & set ? SIG_HOLD : before.sa_handler;
}
