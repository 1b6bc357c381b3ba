/* jmp_buf and sigjmp_buf: one type, as programs mix them: the eight registers that setjmp keeps, then whether
   sigsetjmp kept the signal mask, and the mask. Newlib's own has sigsetjmp for few systems, and as a macro that
   writes past a jmp_buf. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _MACHINE_SETJMP_H
#define _MACHINE_SETJMP_H

#include <sys/features.h>

#define _JBTYPE long long
#define _JBLEN 10
#define _JB_MASKED 8
#define _JB_MASK 9

typedef _JBTYPE jmp_buf[_JBLEN];

#if __POSIX_VISIBLE
typedef jmp_buf sigjmp_buf;

#ifdef __cplusplus
extern "C" {
#endif
void __hermit_keep_mask(sigjmp_buf buffer, int save);
void siglongjmp(sigjmp_buf buffer, int value) __attribute__((__noreturn__));
void _longjmp(jmp_buf buffer, int value) __attribute__((__noreturn__));
#ifdef __cplusplus
}
#endif

#define sigsetjmp(buffer, save) (__hermit_keep_mask(buffer, save), setjmp(buffer))
#define _setjmp(buffer) setjmp(buffer)
#endif

#endif
