/* Whether the process surely has one thread only (glibc's interface). Whoever starts a second one clears it first. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_SINGLE_THREADED_H
#define _SYS_SINGLE_THREADED_H

#include <sys/cdefs.h>

__BEGIN_DECLS
extern char __libc_single_threaded;
__END_DECLS

#endif
