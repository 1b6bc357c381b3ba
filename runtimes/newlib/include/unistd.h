/* newlib's <sys/unistd.h>, and what Linux and BSD have beside it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _UNISTD_H_
#define _UNISTD_H_

#include <sys/unistd.h>

#if __BSD_VISIBLE || __GNU_VISIBLE
#define SEEK_DATA 3
#define SEEK_HOLE 4

__BEGIN_DECLS
void closefrom(int);
int syncfs(int);
__END_DECLS
#endif

#endif
