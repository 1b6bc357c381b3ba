/* Sets of signals: bit n is signal n. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>

#include "port.h"
#include "signals.h"

int sigemptyset(sigset_t *set) {
  *set = 0;
  return 0;
}

int sigfillset(sigset_t *set) {
  *set = ~(sigset_t)1;
  return 0;
}

int sigaddset(sigset_t *set, const int number) {
  if (!is_signal(number))
    return fails(EINVAL);
  *set |= signal_bit(number);
  return 0;
}

int sigdelset(sigset_t *set, const int number) {
  if (!is_signal(number))
    return fails(EINVAL);
  *set &= ~signal_bit(number);
  return 0;
}

int sigismember(const sigset_t *set, int number) {
  return is_signal(number) ? (*set & signal_bit(number)) != 0 : fails(EINVAL);
}

int sigisemptyset(const sigset_t *set) { return *set == 0; }

int sigorset(sigset_t *to, const sigset_t *one, const sigset_t *other) {
  *to = *one | *other;
  return 0;
}

int sigandset(sigset_t *to, const sigset_t *one, const sigset_t *other) {
  *to = *one & *other;
  return 0;
}
