/* Jumps that restore the signal mask; sigsetjmp is a macro around setjmp, which must be called where it returns to. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <signal.h>

#include "port.h"

void __hermit_keep_mask(sigjmp_buf buffer, int save) {
  sigset_t mask = 0;
  if (save)
    sigprocmask(SIG_SETMASK, NULL, &mask);
  buffer[_JB_MASKED] = save != 0;
  buffer[_JB_MASK] = (long long)mask;
}

void siglongjmp(sigjmp_buf buffer, int value) {
  sigset_t mask = (sigset_t)buffer[_JB_MASK];
  if (buffer[_JB_MASKED])
    sigprocmask(SIG_SETMASK, &mask, NULL);
  longjmp(buffer, value);
}

void _longjmp(jmp_buf buffer, int value) { longjmp(buffer, value); }
