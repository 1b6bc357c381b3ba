// Floating-point exceptions that a program has unmasked, as SIGFPE with the code that says which.
// SPDX-License-Identifier: BSD-3-Clause
#include <fenv.h>
#include <setjmp.h>

#include "signal-check.h"

static sigjmp_buf place;
static volatile int code;

static void jump(int number, siginfo_t *info, void *context)
{
    (void)number, (void)context;
    code = info->si_code;
    siglongjmp(place, 1);
}

static void sse(const char *what, unsigned mask, double left, double right, int expected)
{
    volatile double result;
    unsigned control = 0x1f80 & ~mask, usual = 0x1f80;
    code = 0;
    if (sigsetjmp(place, 1) == 0) {
        __asm__ volatile("ldmxcsr %0" ::"m"(control));
        result = left;
        result = mask == 0x400 || mask == 0x800 ? result * right : result / right;
    }
    __asm__ volatile("ldmxcsr %0" ::"m"(usual));
    check(what, code == expected);
}

static void x87(const char *what, unsigned short control, long double left, long double right, int expected)
{
    volatile long double result = left, divisor = right;
    code = 0;
    if (sigsetjmp(place, 1) == 0) {
        __asm__ volatile("fldcw %0" ::"m"(control));
        result = result / divisor;
        __asm__ volatile("fwait");
    }
    __asm__ volatile("fninit");
    check(what, code == expected);
}

int main(void)
{
    handle(SIGFPE, jump, 0, 0);
    for (int i = 0; i < 100; i++) {
        sse("division by zero", 0x200, 1, 0, FPE_FLTDIV);
        sse("invalid", 0x80, 0, 0, FPE_FLTINV);
        sse("overflow", 0x400, 1e300, 1e300, FPE_FLTOVF);
        sse("underflow", 0x800, 1e-300, 1e-300, FPE_FLTUND);
        sse("inexact", 0x1000, 1, 3, FPE_FLTRES);
        x87("x87: division by zero", 0x37f & ~4, 1, 0, FPE_FLTDIV);
        x87("x87: invalid", 0x37f & ~1, 0, 0, FPE_FLTINV);
    }
    return done();
}
