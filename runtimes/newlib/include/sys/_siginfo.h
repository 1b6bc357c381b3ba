/* siginfo_t in glibc's x86-64 layout, 128 bytes: fault handlers and language runtimes read si_addr at offset 16. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS__SIGINFO_H
#define _SYS__SIGINFO_H

typedef struct {
  int si_signo;
  int si_errno;
  int si_code;
  int __pad;
  union {
    struct {
      pid_t __pid;
      uid_t __uid;
      union sigval __value;
    } __sent;
    struct {
      pid_t __pid;
      uid_t __uid;
      int __status;
    } __child;
    struct {
      void *__addr;
    } __fault;
    struct {
      long __band;
      int __fd;
    } __poll;
    char __size[112];
  } __si;
} siginfo_t;

#define si_pid __si.__sent.__pid
#define si_uid __si.__sent.__uid
#define si_value __si.__sent.__value
#define si_int __si.__sent.__value.sival_int
#define si_ptr __si.__sent.__value.sival_ptr
#define si_status __si.__child.__status
#define si_addr __si.__fault.__addr
#define si_band __si.__poll.__band
#define si_fd __si.__poll.__fd

/* si_code of faults, POSIX's names with the usual numbers. */
#define ILL_ILLOPC 1
#define ILL_ILLOPN 2
#define ILL_PRVOPC 5
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2

#endif
