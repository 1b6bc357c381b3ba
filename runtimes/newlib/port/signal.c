/* Signals that the program sends to itself: handlers, masks and pending ones, delivered where they are raised or
   unblocked. Faults and the host's signals end the guest in the kernel. Replaces newlib's own signal(), which knows
   no masks and keeps handlers per thread. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "port.h"

static struct sigaction actions[NSIG];
static __thread sigset_t blocked, pending;

static int valid(int number) { return number > 0 && number < NSIG; }

static sigset_t bit(int number) { return (sigset_t)1 << number; }

static int ignored_by_default(int number) {
  return number == SIGCHLD || number == SIGURG || number == SIGWINCH || number == SIGCONT;
}

/* Run the handler of a signal that is not blocked. */
static int deliver(int number) {
  struct sigaction action = actions[number];
  if (action.sa_handler == SIG_IGN || (action.sa_handler == SIG_DFL && ignored_by_default(number)))
    return 0;
  if (action.sa_handler == SIG_DFL)
    return sys_kill(sys_getpid(), number);
  if (action.sa_flags & (int)SA_RESETHAND)
    actions[number].sa_handler = SIG_DFL;
  sigset_t before = blocked;
  blocked |= action.sa_mask | (action.sa_flags & SA_NODEFER ? 0 : bit(number));
  if (action.sa_flags & SA_SIGINFO) {
    siginfo_t info = {.si_signo = number, .si_code = SI_USER};
    info.si_pid = sys_getpid();
    action.sa_sigaction(number, &info, NULL);
  } else {
    action.sa_handler(number);
  }
  return sigprocmask(SIG_SETMASK, &before, NULL);
}

static int send(int number) {
  if (number == 0)
    return 0;
  if (!valid(number))
    return -EINVAL;
  if (number == SIGKILL || number == SIGSTOP)
    return sys_kill(sys_getpid(), number);
  if (blocked & bit(number)) {
    pending |= bit(number);
    return 0;
  }
  return deliver(number);
}

int _raise_r(struct _reent *reent, int number) { return result_r(reent, send(number)); }

int raise(int number) { return result(send(number)); }

int _kill_r(struct _reent *reent, int pid, int number) {
  if (pid > 0 && pid != sys_getpid())
    return result_r(reent, -ESRCH);
  return result_r(reent, send(number));
}

int sigaction(int number, const struct sigaction *action, struct sigaction *before) {
  if (!valid(number) || (action && (number == SIGKILL || number == SIGSTOP)))
    return fails(EINVAL);
  if (before)
    *before = actions[number];
  if (action)
    actions[number] = *action;
  return 0;
}

_sig_func_ptr _signal_r(struct _reent *reent, int number, _sig_func_ptr handler) {
  (void)reent;
  struct sigaction action = {.sa_flags = SA_RESTART}, before;
  action.sa_handler = handler;
  return sigaction(number, &action, &before) < 0 ? SIG_ERR : before.sa_handler;
}

_sig_func_ptr signal(int number, _sig_func_ptr handler) { return _signal_r(NULL, number, handler); }

int sigprocmask(int how, const sigset_t *set, sigset_t *before) {
  if (before)
    *before = blocked;
  if (set == NULL)
    return 0;
  if (how == SIG_BLOCK)
    blocked |= *set;
  else if (how == SIG_UNBLOCK)
    blocked &= ~*set;
  else if (how == SIG_SETMASK)
    blocked = *set;
  else
    return fails(EINVAL);
  while (pending & ~blocked) {
    int number = __builtin_ctzl(pending & ~blocked);
    pending &= ~bit(number);
    deliver(number);
  }
  return 0;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *before) {
  return sigprocmask(how, set, before) < 0 ? EINVAL : 0;
}

int sigpending(sigset_t *set) {
  *set = pending;
  return 0;
}

/* As functions, too: newlib has only macros. */
#undef sigemptyset
#undef sigfillset
#undef sigaddset
#undef sigdelset
#undef sigismember

int sigemptyset(sigset_t *set) {
  *set = 0;
  return 0;
}

int sigfillset(sigset_t *set) {
  *set = ~(sigset_t)0;
  return 0;
}

int sigaddset(sigset_t *set, const int number) {
  if (!valid(number))
    return fails(EINVAL);
  *set |= bit(number);
  return 0;
}

int sigdelset(sigset_t *set, const int number) {
  if (!valid(number))
    return fails(EINVAL);
  *set &= ~bit(number);
  return 0;
}

int sigismember(const sigset_t *set, int number) {
  return valid(number) ? (*set & bit(number)) != 0 : fails(EINVAL);
}

/* Without anything that could send one from outside, waiting would be for ever. */
int sigsuspend(const sigset_t *set) {
  (void)set;
  return fails(ENOSYS);
}

int pause(void) { return fails(ENOSYS); }

void abort(void) {
  sigset_t set = bit(SIGABRT);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  raise(SIGABRT);
  /* a handler that returns does not save the program */
  sys_kill(sys_getpid(), SIGABRT);
  sys_abort();
}
