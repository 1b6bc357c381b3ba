// Faults in the way that its argument says. The launcher must say what, where, and end with the signal's code.
// SPDX-License-Identifier: BSD-3-Clause
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int zero;
static unsigned char code_in_data[] = {0xc3};

static void null_write(void) { *(volatile int *)(uintptr_t)zero = 1; }
static void null_read(void) { zero = *(volatile int *)(uintptr_t)(zero + 8); }
static void null_call(void) { ((void (*)(void))(uintptr_t)zero)(); }
static void divide(void) { zero = 17 / zero; }
static void illegal(void) { __asm__ volatile("ud2"); }
static void breakpoint(void) { __asm__ volatile("int3"); }
static void single_step(void) { __asm__ volatile("pushfq; orq $0x100, (%rsp); popfq; nop"); }
static void privileged(void) { __asm__ volatile("cli"); }
static void system_call(void) { __asm__ volatile("syscall" ::"a"(39L) : "rcx", "r11", "memory"); }
static void wild_pointer(void) { *(volatile int *)(0xdeadbeefUL << 32) = 1; }
static void write_text(void) { *(volatile char *)(uintptr_t)write_text = 1; }
static void write_constant(void) { *(volatile char *)(uintptr_t) "constant" = 'x'; }
static void run_data(void) { ((void (*)(void))(uintptr_t)code_in_data)(); }

static void run_stack(void)
{
    volatile unsigned char code[16] = {0xc3};
    ((void (*)(void))(uintptr_t)code)();
}

static void run_heap(void)
{
    unsigned char *code = malloc(16);
    code[0] = 0xc3;
    ((void (*)(void))(uintptr_t)code)();
}

// Deeper than any stack, in steps that would jump over a single guard page.
__attribute__((noinline)) static int overflow_from(int depth)
{
    volatile char frame[20000];
    frame[0] = (char)depth;
    return overflow_from(depth + 1) + frame[0];
}
static void stack_overflow(void) { zero = overflow_from(0); }

// Unmasked floating-point exceptions, as -ftrapping programs use them.
static void float_trap(void)
{
    unsigned control = 0x1f80 & ~0x200u; // divide by zero
    volatile double d = zero;
    __asm__ volatile("ldmxcsr %0" ::"m"(control));
    d = 1.0 / d;
}

static void bad_pointer_to_kernel(void) { write(1, (void *)(uintptr_t)(zero + 8), 5); }
// As if the libOS itself had faulted while it reports a fault: the nub must end it. gs:64 is fault_active of kernel/abi/src/core.rs.
static void fault_within_fault(void) { __asm__ volatile("movq $1, %gs:64\n ud2"); }

static void end_by_abort(void) { abort(); }
static void end_by_term(void) { raise(SIGTERM); }
static void end_by_bus(void) { raise(SIGBUS); }

static const struct {
    const char *name;
    void (*act)(void);
} faults[] = {
    {"null-write", null_write},       {"null-read", null_read},     {"null-call", null_call},
    {"divide", divide},               {"illegal", illegal},         {"breakpoint", breakpoint},
    {"single-step", single_step},     {"privileged", privileged},   {"syscall", system_call},
    {"wild", wild_pointer},           {"text", write_text},         {"constant", write_constant},
    {"run-data", run_data},           {"run-stack", run_stack},     {"run-heap", run_heap},
    {"overflow", stack_overflow},     {"float", float_trap},        {"kernel", bad_pointer_to_kernel},
    {"abort", end_by_abort},          {"term", end_by_term},        {"bus", end_by_bus},
    {"twice", fault_within_fault},
};

int main(int argc, char **argv)
{
    printf("before\n");
    fflush(stdout); // what has left the program before a fault is never lost
    for (unsigned i = 0; argc > 1 && i < sizeof faults / sizeof *faults; i++)
        if (strcmp(argv[1], faults[i].name) == 0)
            faults[i].act();
    printf("after\n");
    return 0;
}
