/* ucontext_t in glibc's x86-64 layout: what a signal handler sees of the interrupted thread. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H

#include <signal.h>

typedef long long greg_t;
typedef greg_t gregset_t[23];

enum {
  REG_R8 = 0,
  REG_R9,
  REG_R10,
  REG_R11,
  REG_R12,
  REG_R13,
  REG_R14,
  REG_R15,
  REG_RDI,
  REG_RSI,
  REG_RBP,
  REG_RBX,
  REG_RDX,
  REG_RAX,
  REG_RCX,
  REG_RSP,
  REG_RIP,
  REG_EFL,
  REG_CSGSFS,
  REG_ERR,
  REG_TRAPNO,
  REG_OLDMASK,
  REG_CR2
};

typedef struct {
  gregset_t gregs;
  void *fpregs; /* FXSAVE or XSAVE area of the interrupted code */
  unsigned long long __reserved[8];
} mcontext_t;

typedef struct __ucontext {
  unsigned long uc_flags;
  struct __ucontext *uc_link;
  stack_t uc_stack;
  mcontext_t uc_mcontext;
  sigset_t uc_sigmask;
  unsigned long __sigmask_rest[15];
} ucontext_t;

#endif
