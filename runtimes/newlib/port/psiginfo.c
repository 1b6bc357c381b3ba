/* A signal's name on standard error, and what its siginfo says beside. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdio.h>
#include <string.h>

void psiginfo(const siginfo_t *info, const char *text) {
  const char *before = text && *text ? text : "", *colon = *before ? ": " : "";
  int number = info->si_signo;
  int fault = number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGTRAP;
  if (fault && info->si_code > 0)
    fprintf(stderr, "%s%s%s (code %d, address %p)\n", before, colon, strsignal(number), info->si_code, info->si_addr);
  else
    fprintf(stderr, "%s%s%s (code %d, process %d)\n", before, colon, strsignal(number), info->si_code, (int)info->si_pid);
}
