/* POSIX's name for the machine context of signal handlers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _UCONTEXT_H
#define _UCONTEXT_H
#include <sys/ucontext.h>
#endif
