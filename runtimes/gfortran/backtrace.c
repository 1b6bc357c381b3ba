/* Backtraces of run-time errors: the host prints them, which has the program's debug information. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "libgfortran.h"

void sys_backtrace(void); /* hermit/syscalls.h, whose other names are libgfortran's, too */

/* BACKTRACE, the intrinsic. */
extern void backtrace(void);
export_proto(backtrace);

void show_backtrace(bool in_signal_handler) {
  (void)in_signal_handler; /* it allocates nothing */
  sys_backtrace();
}

void backtrace(void) { show_backtrace(false); }
