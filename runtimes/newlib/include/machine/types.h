/* Names that BSD-derived headers (sys/param.h, termios.h) expect beside newlib's own types. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_TYPES_H
#error "include <sys/types.h> instead"
#endif

#if __MISC_VISIBLE
typedef __uint64_t u_quad_t;
typedef __int64_t quad_t;
#endif

#ifndef _RLIM_T_DECLARED
typedef __uint64_t rlim_t;
#define _RLIM_T_DECLARED
#endif
