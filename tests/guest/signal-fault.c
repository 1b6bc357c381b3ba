// Faults that handlers of the program see: what siginfo and ucontext tell, going on elsewhere or behind the instruction, jumping out.
// SPDX-License-Identifier: BSD-3-Clause
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "signal-check.h"

static volatile int zero;
static sigjmp_buf place;
static siginfo_t seen;
static ucontext_t context;
static volatile int count;

static void note(int number, siginfo_t *info, void *user)
{
    seen = *info;
    context = *(ucontext_t *)user;
    count++;
    check("the number is siginfo's", number == info->si_signo);
}

static void jump(int number, siginfo_t *info, void *user)
{
    note(number, info, user);
    siglongjmp(place, number);
}

// Goes on behind the instruction, whose length the faulting code left in r15.
static void skip(int number, siginfo_t *info, void *user)
{
    ucontext_t *now = user;
    note(number, info, user);
    now->uc_mcontext.gregs[REG_RIP] += now->uc_mcontext.gregs[REG_R15];
    now->uc_mcontext.gregs[REG_RAX] = 4711;
}

#define FAULT(number, act)                   \
    do {                                     \
        memset(&seen, 0, sizeof seen);       \
        if (sigsetjmp(place, 1) == 0) {      \
            act;                             \
            check(#act " faults", 0);        \
        }                                    \
        check(#act, seen.si_signo == (number)); \
    } while (0)

static int blocked(int number)
{
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    return sigismember(&mask, number);
}

static void kinds(void)
{
    char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    FAULT(SIGSEGV, *(volatile int *)(uintptr_t)(zero + 16) = 1);
    check("nothing is mapped", seen.si_code == SEGV_MAPERR && seen.si_addr == (void *)16);
    check("cr2, vector, a write by the program", context.uc_mcontext.gregs[REG_CR2] == 16 &&
          context.uc_mcontext.gregs[REG_TRAPNO] == 14 && (context.uc_mcontext.gregs[REG_ERR] & 7) == 6);
    FAULT(SIGSEGV, *(volatile char *)(page + 5) = 1);
    check("it may only be read", seen.si_code == SEGV_ACCERR && seen.si_addr == page + 5);
    FAULT(SIGSEGV, *(volatile int *)(0xdeadbeefUL << 32) = 1);
    check("no address", seen.si_addr == NULL && seen.si_code == SI_KERNEL);
    FAULT(SIGFPE, zero = 17 / zero);
    check("by zero", seen.si_code == FPE_INTDIV && seen.si_addr == (void *)context.uc_mcontext.gregs[REG_RIP]);
    FAULT(SIGILL, __asm__ volatile("ud2"));
    check("illegal operand", seen.si_code == ILL_ILLOPN);
    FAULT(SIGTRAP, __asm__ volatile("int3"));
    check("breakpoint", seen.si_code == TRAP_BRKPT && ((unsigned char *)context.uc_mcontext.gregs[REG_RIP])[-1] == 0xcc);
    FAULT(SIGTRAP, __asm__ volatile("pushfq; orq $0x100, (%rsp); popfq; nop"));
    check("single step", seen.si_code == TRAP_TRACE);
    FAULT(SIGSEGV, __asm__ volatile("cli"));
    check("none is blocked after the jump", !blocked(SIGSEGV) && !blocked(SIGFPE));
    munmap(page, 4096);
}

// Vector and control registers of the interrupted code may be changed, too.
static void set_float(int number, siginfo_t *info, void *user)
{
    ucontext_t *now = user;
    note(number, info, user);
    now->uc_mcontext.gregs[REG_RIP] += 2;
    now->uc_mcontext.fpregs->_xmm[6].element[0] = 0x12345678;
    now->uc_mcontext.fpregs->mxcsr = 0x7f80;
    sigaddset(&now->uc_sigmask, SIGHUP);
}

static void changed_state(void)
{
    unsigned low = 0, control = 0, usual = 0x1f80;
    sigset_t mask;
    handle(SIGILL, set_float, 0, 0);
    __asm__ volatile("pxor %%xmm6, %%xmm6\n ud2\n movd %%xmm6, %0\n stmxcsr %1\n ldmxcsr %2" : "=r"(low), "=m"(control) : "m"(usual) : "xmm6");
    check("a vector register set", low == 0x12345678);
    check("rounding set", control == 0x7f80);
    sigprocmask(SIG_SETMASK, NULL, &mask);
    check("the mask set", blocked(SIGHUP));
    sigdelset(&mask, SIGHUP);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    handle(SIGILL, skip, 0, 0);
}

static void going_on(void)
{
    long rax, r15, rbx = 1234;
    handle(SIGSEGV, skip, 0, 0);
    handle(SIGILL, skip, 0, 0);
    __asm__ volatile("mov $2, %%r15\n xor %%eax, %%eax\n ud2\n mov %%r15, %1" : "=a"(rax), "=r"(r15), "+b"(rbx) : : "r15");
    check("an instruction left out", rax == 4711 && r15 == 2 && rbx == 1234);
    __asm__ volatile("mov $3, %%r15\n xor %%ecx, %%ecx\n mov (%%rcx), %%rdx" : "=a"(rax) : : "r15", "rcx", "rdx", "memory");
    check("a load left out", rax == 4711 && seen.si_addr == NULL && seen.si_code == SEGV_MAPERR);
}

static void often(void)
{
    handle(SIGSEGV, jump, 0, 0);
    count = 0;
    for (volatile int i = 0; i < 10000; i++)
        if (sigsetjmp(place, 1) == 0)
            *(volatile int *)(uintptr_t)zero = 1;
    check("10000 faults jumped out of", count == 10000);
    // without a saved mask the signal stays blocked, unless the handler may be interrupted by it
    handle(SIGSEGV, jump, SA_NODEFER, 0);
    for (volatile int i = 0; i < 100; i++)
        if (sigsetjmp(place, 0) == 0)
            *(volatile int *)(uintptr_t)zero = 1;
    check("SA_NODEFER", count == 10100 && !blocked(SIGSEGV));
}

static char *alternate;
static size_t alternate_size;
static volatile int depth;

static int on_alternate(void)
{
    char here;
    return &here >= alternate && &here < alternate + alternate_size;
}

static void overflown(int number, siginfo_t *info, void *user)
{
    ucontext_t *now = user;
    stack_t stack, other = {.ss_sp = alternate, .ss_size = alternate_size};
    note(number, info, user);
    check("on the alternate stack", on_alternate());
    check("uc_stack", now->uc_stack.ss_sp == alternate && now->uc_stack.ss_flags == 0);
    check("sigaltstack says so", sigaltstack(NULL, &stack) == 0 && stack.ss_flags == SS_ONSTACK);
    check("it cannot be changed now", sigaltstack(&other, NULL) == -1);
    siglongjmp(place, 1);
}

__attribute__((noinline)) static int overflow_from(int from)
{
    volatile char frame[20000];
    frame[0] = (char)from;
    depth = from;
    return from < 0 ? 0 : overflow_from(from + 1) + frame[0];
}

static void alternate_stack(void)
{
    alternate_size = SIGSTKSZ;
    alternate = malloc(alternate_size);
    stack_t stack = {.ss_sp = alternate, .ss_size = alternate_size}, none = {.ss_flags = SS_DISABLE}, before;
    stack_t small = {.ss_sp = alternate, .ss_size = MINSIGSTKSZ - 1}, wrong = {.ss_flags = 77};
    check("there is none at first", sigaltstack(NULL, &before) == 0 && before.ss_flags == SS_DISABLE);
    check("too small", sigaltstack(&small, NULL) == -1);
    check("wrong flags", sigaltstack(&wrong, NULL) == -1);
    check("a stack", sigaltstack(&stack, NULL) == 0);
    handle(SIGSEGV, overflown, SA_ONSTACK, 0);
    for (volatile int i = 0; i < 20; i++) {
        count = 0;
        if (sigsetjmp(place, 1) == 0)
            overflow_from(0);
        check("a stack overflow survived", count == 1 && seen.si_code == SEGV_MAPERR && depth > 5 && !on_alternate());
    }
    check("no stack", sigaltstack(&none, &before) == 0 && before.ss_flags == 0 && before.ss_sp == alternate);
    free(alternate);
}

// A fault within the handler of another one.
static void outer(int number, siginfo_t *info, void *user)
{
    (void)number, (void)info, (void)user;
    handle(SIGFPE, skip, 0, 0);
    long rax;
    __asm__ volatile("mov $2, %%r15\n ud2" : "=a"(rax) : : "r15");
    check("a fault in a handler", rax == 4711);
    siglongjmp(place, 5);
}

static void nested(void)
{
    handle(SIGSEGV, outer, 0, 0);
    for (volatile int i = 0; i < 1000; i++)
        if (sigsetjmp(place, 1) == 0)
            *(volatile int *)(uintptr_t)zero = 1;
    check("signals are free again", !blocked(SIGSEGV) && !blocked(SIGILL));
}

static void blocked_fault(int number, siginfo_t *info, void *user)
{
    (void)number, (void)info, (void)user;
    printf("once\n");
    fflush(stdout);
    *(volatile int *)(uintptr_t)(zero + 24) = 1;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "in-handler") == 0) {
        handle(SIGSEGV, blocked_fault, 0, 0);
        *(volatile int *)(uintptr_t)zero = 1;
    }
    if (argc > 1 && strcmp(argv[1], "ignored") == 0) {
        signal(SIGFPE, SIG_IGN);
        zero = 17 / zero;
    }
    if (argc > 1 && strcmp(argv[1], "overflow") == 0) {
        handle(SIGSEGV, jump, 0, 0); // no stack to run it on
        return sigsetjmp(place, 1) ? 0 : overflow_from(0);
    }
    handle(SIGSEGV, jump, 0, 0);
    handle(SIGFPE, jump, 0, 0);
    handle(SIGILL, jump, 0, 0);
    handle(SIGTRAP, jump, 0, 0);
    kinds();
    going_on();
    changed_state();
    often();
    alternate_stack();
    nested();
    return done();
}
