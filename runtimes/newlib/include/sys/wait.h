/* Waiting for child processes: there are none, and ECHILD says so. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_WAIT_H
#define _SYS_WAIT_H

#include <sys/_wait.h>
#include <sys/types.h>
#if __POSIX_VISIBLE >= 200809 || __XSI_VISIBLE
#include <signal.h>
#endif
#if __BSD_VISIBLE
#include <sys/resource.h>
#endif

#if __MISC_VISIBLE || __XSI_VISIBLE || __POSIX_VISIBLE >= 200809
typedef enum { P_ALL, P_PID, P_PGID } idtype_t;
#define WSTOPPED 2
#define WEXITED 4
#define WNOWAIT 0x01000000
#endif

__BEGIN_DECLS
pid_t wait(int *);
pid_t waitpid(pid_t, int *, int);
#if __POSIX_VISIBLE >= 200809 || __XSI_VISIBLE
int waitid(idtype_t, id_t, siginfo_t *, int);
#endif
#if __BSD_VISIBLE
pid_t wait3(int *, int, struct rusage *);
pid_t wait4(pid_t, int *, int, struct rusage *);
#endif
#ifdef _COMPILING_NEWLIB
pid_t _wait(int *);
#endif
__END_DECLS

#endif
