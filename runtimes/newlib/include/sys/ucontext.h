/* ucontext_t in glibc's x86-64 layout: what a signal handler sees of the interrupted thread. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_UCONTEXT_H
#define _SYS_UCONTEXT_H

#include <signal.h>

typedef long long greg_t;
typedef greg_t gregset_t[23];

#if __MISC_VISIBLE
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

/* The beginning of the XSAVE area: what FXSAVE writes. */
struct _libc_fpxreg {
  unsigned short significand[4];
  unsigned short exponent;
  unsigned short __reserved[3];
};
struct _libc_xmmreg {
  unsigned int element[4];
};
struct _libc_fpstate {
  unsigned short cwd, swd, ftw, fop;
  unsigned long rip, rdp;
  unsigned int mxcsr, mxcr_mask;
  struct _libc_fpxreg _st[8];
  struct _libc_xmmreg _xmm[16];
  unsigned int __reserved[24];
};
typedef struct _libc_fpstate *fpregset_t;
#else
typedef void *fpregset_t;
#endif

typedef struct {
  gregset_t gregs;
  fpregset_t fpregs; /* XSAVE area of the interrupted code, 64-byte aligned */
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
