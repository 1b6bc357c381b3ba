/* Contexts: what signal handlers see, and switching between stacks by hand. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _UCONTEXT_H
#define _UCONTEXT_H

#include <sys/ucontext.h>

__BEGIN_DECLS
int getcontext(ucontext_t *);
int setcontext(const ucontext_t *);
int swapcontext(ucontext_t *__restrict, const ucontext_t *__restrict);
void makecontext(ucontext_t *, void (*)(void), int, ...);
__END_DECLS

#endif
