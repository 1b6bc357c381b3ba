/* makecontext(): a stack on which a function begins, and what the assembler part of contexts calls. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <ucontext.h>

#include "../port/port.h"

enum { IN_REGISTERS = 6 };

_Static_assert(offsetof(ucontext_t, uc_link) == 8 && offsetof(ucontext_t, uc_mcontext.gregs) == 40 &&
                   offsetof(ucontext_t, uc_mcontext.__reserved) == 232 && offsetof(ucontext_t, uc_sigmask) == 296,
               "context.S knows these places");

extern void __hermit_context_end(void);
extern void __hermit_context_over(void) __attribute__((noreturn));
extern int __hermit_context_mask(int how, const sigset_t *new, sigset_t *old);

int __hermit_context_mask(int how, const sigset_t *new, sigset_t *old) { return pthread_sigmask(how, new, old); }

/* A function of a context without uc_link returned: the thread is over. */
void __hermit_context_over(void) { pthread_exit(NULL); }

void makecontext(ucontext_t *context, void (*start)(void), int count, ...) {
  static const int registers[IN_REGISTERS] = {REG_RDI, REG_RSI, REG_RDX, REG_RCX, REG_R8, REG_R9};
  greg_t *general = context->uc_mcontext.gregs;
  uintptr_t top = (uintptr_t)context->uc_stack.ss_sp + context->uc_stack.ss_size;
  int above = count > IN_REGISTERS ? count - IN_REGISTERS : 0;
  va_list list;
  /* aligned to 16 bytes where the call would have pushed its return address */
  uintptr_t *stack = (uintptr_t *)((top - (size_t)above * sizeof(uintptr_t)) & -(uintptr_t)16) - 1;
  stack[0] = (uintptr_t)__hermit_context_end;
  va_start(list, count);
  for (int i = 0; i < count; i++) {
    greg_t argument = va_arg(list, greg_t);
    if (i < IN_REGISTERS)
      general[registers[i]] = argument;
    else
      stack[1 + i - IN_REGISTERS] = (uintptr_t)argument;
  }
  va_end(list);
  general[REG_RBX] = (greg_t)context;
  general[REG_RBP] = 0;
  general[REG_RSP] = (greg_t)stack;
  general[REG_RIP] = (greg_t)start;
}
