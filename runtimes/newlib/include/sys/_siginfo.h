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
      int __number;
      int __overrun;
      union sigval __value;
    } __timer;
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

#define si_timerid __si.__timer.__number
#define si_overrun __si.__timer.__overrun

/* si_code of what somebody sent: Linux's numbers, so that none is a fault's. */
#undef SI_USER
#undef SI_QUEUE
#undef SI_TIMER
#undef SI_ASYNCIO
#undef SI_MESGQ
#define SI_USER 0
#define SI_QUEUE (-1)
#define SI_TIMER (-2)
#define SI_MESGQ (-3)
#define SI_ASYNCIO (-4)
#define SI_TKILL (-6)
#define SI_KERNEL 128

/* si_code of faults, POSIX's names with the usual numbers. */
#define ILL_ILLOPC 1
#define ILL_ILLOPN 2
#define ILL_ILLADR 3
#define ILL_ILLTRP 4
#define ILL_PRVOPC 5
#define ILL_PRVREG 6
#define ILL_COPROC 7
#define ILL_BADSTK 8
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define FPE_FLTSUB 8
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define BUS_OBJERR 3
#define TRAP_BRKPT 1
#define TRAP_TRACE 2
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_TRAPPED 4
#define CLD_STOPPED 5
#define CLD_CONTINUED 6
#define POLL_IN 1
#define POLL_OUT 2
#define POLL_MSG 3
#define POLL_ERR 4
#define POLL_PRI 5
#define POLL_HUP 6

/* What newlib's signal.h does not declare. */
#if __MISC_VISIBLE || __XSI_VISIBLE
#define SIG_HOLD ((void (*)(int))2)
int sighold(int);
int sigrelse(int);
int sigignore(int);
void (*sigset(int, void (*)(int)))(int);
int siginterrupt(int, int);
#endif
#if __POSIX_VISIBLE >= 200809
void psiginfo(const siginfo_t *, const char *);
#endif
#if __GNU_VISIBLE
#define SIGEV_THREAD_ID 4
int sigisemptyset(const sigset_t *);
int sigorset(sigset_t *, const sigset_t *, const sigset_t *);
int sigandset(sigset_t *, const sigset_t *, const sigset_t *);
int pthread_sigqueue(pthread_t, int, const union sigval);
#endif

#endif
