/* What the process does about signals, and sending them. Replaces newlib's own signal(), which keeps handlers per thread. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"
#include "signals.h"

int _raise_r(struct _reent *reent, int number) {
  if (number != 0 && !is_signal(number))
    return result_r(reent, -EINVAL);
  return result_r(reent, sys_tkill(sys_gettid(), number));
}

int raise(int number) { return _raise_r(_REENT, number); }

int _kill_r(struct _reent *reent, int pid, int number) {
  if (number != 0 && !is_signal(number))
    return result_r(reent, -EINVAL);
  return result_r(reent, sys_kill(pid, number));
}

int killpg(pid_t group, int number) {
  if (group < 0)
    return fails(EINVAL);
  return kill(-group, number);
}

int sigqueue(pid_t pid, int number, const union sigval value) {
  if (number != 0 && !is_signal(number))
    return fails(EINVAL);
  if (pid != sys_getpid())
    return fails(pid > 0 ? ESRCH : EINVAL);
  return result(sys_sigqueue(0, number, SI_QUEUE, value.sival_ptr));
}

int sigaction(int number, const struct sigaction *action, struct sigaction *before) {
  struct sys_sigaction wanted, old;
  if (!is_signal(number))
    return fails(EINVAL);
  if (action) {
    memcpy(&wanted.handler, &action->sa_handler, sizeof wanted.handler);
    wanted.mask = action->sa_mask;
    wanted.flags = (unsigned int)action->sa_flags;
  }
  int error = sys_sigaction(number, action ? &wanted : NULL, &old);
  if (error < 0)
    return result(error);
  if (before) {
    memcpy(&before->sa_handler, &old.handler, sizeof old.handler);
    before->sa_mask = old.mask;
    before->sa_flags = (int)old.flags;
  }
  return 0;
}

/* The signals that siginterrupt() wants to end system calls. */
static sigset_t interrupting;

_sig_func_ptr _signal_r(struct _reent *reent, int number, _sig_func_ptr handler) {
  (void)reent;
  struct sigaction action = {.sa_flags = SA_RESTART}, before;
  if (is_signal(number) && __atomic_load_n(&interrupting, __ATOMIC_RELAXED) & signal_bit(number))
    action.sa_flags = 0;
  action.sa_handler = handler;
  return sigaction(number, &action, &before) < 0 ? SIG_ERR : before.sa_handler;
}

_sig_func_ptr signal(int number, _sig_func_ptr handler) { return _signal_r(NULL, number, handler); }

int siginterrupt(int number, int interrupts) {
  struct sigaction action;
  if (sigaction(number, NULL, &action) < 0)
    return -1;
  if (interrupts) {
    __atomic_fetch_or(&interrupting, signal_bit(number), __ATOMIC_RELAXED);
    action.sa_flags &= ~SA_RESTART;
  } else {
    __atomic_fetch_and(&interrupting, ~signal_bit(number), __ATOMIC_RELAXED);
    action.sa_flags |= SA_RESTART;
  }
  return sigaction(number, &action, NULL);
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict before) {
  _Static_assert(sizeof(stack_t) == sizeof(struct sys_sigstack), "one layout");
  return result(sys_sigaltstack((const struct sys_sigstack *)stack, (struct sys_sigstack *)before));
}

/* A handler that returns does not save the program, nor one that another thread installs meanwhile. */
void abort(void) {
  struct sigaction action = {0};
  sigset_t set = signal_bit(SIGABRT);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(SIGABRT);
  action.sa_handler = SIG_DFL;
  sigaction(SIGABRT, &action, NULL);
  raise(SIGABRT);
  sys_abort();
}
