/* select(): sets of as many descriptors as there can be. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_SELECT_H
#define _SYS_SELECT_H

#include <sys/_sigset.h>
#include <sys/_timeval.h>
#include <sys/cdefs.h>
#include <sys/timespec.h>

#ifndef _SIGSET_T_DECLARED
#define _SIGSET_T_DECLARED
typedef __sigset_t sigset_t;
#endif

#define _SYS_TYPES_FD_SET
#ifndef FD_SETSIZE
#define FD_SETSIZE 1024
#endif

typedef unsigned long fd_mask;
#define NFDBITS (8 * sizeof(fd_mask))

typedef struct _types_fd_set {
  fd_mask fds_bits[(FD_SETSIZE + NFDBITS - 1) / NFDBITS];
} _types_fd_set;
#define fd_set _types_fd_set

#define FD_SET(fd, set) ((void)((set)->fds_bits[(fd) / NFDBITS] |= 1UL << ((fd) % NFDBITS)))
#define FD_CLR(fd, set) ((void)((set)->fds_bits[(fd) / NFDBITS] &= ~(1UL << ((fd) % NFDBITS))))
#define FD_ISSET(fd, set) (((set)->fds_bits[(fd) / NFDBITS] >> ((fd) % NFDBITS) & 1) != 0)
#define FD_ZERO(set) ((void)__builtin_memset((set), 0, sizeof *(set)))

__BEGIN_DECLS
int select(int, fd_set *, fd_set *, fd_set *, struct timeval *);
#if __POSIX_VISIBLE >= 200112
int pselect(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *);
#endif
__END_DECLS

#endif
