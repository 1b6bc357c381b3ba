// Interrupts at any instruction: registers, flags, vector registers and the red zone must survive each. A computing loop is interrupted
// by the timer and by messages to the own core, both of them asked for at the nub's gate.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>

#include "gate.h"

enum { VECTOR_WAKE = 0x21 };

// gs: the core's block, kernel/abi/src/core.rs
enum { BLOCK_MASK = 8, BLOCK_PENDING = 16, BLOCK_IRQ_COUNT = 128 };

static unsigned long block(long offset)
{
    unsigned long value;
    __asm__ volatile("mov %%gs:(%1), %0" : "=r"(value) : "r"(offset));
    return value;
}

// Fills registers and red zone with `mark`, computes for a while with the direction flag set, and gives what has changed: 0 if nothing.
__attribute__((noinline)) static unsigned long compute(unsigned long mark, double number)
{
    unsigned long changed;
    double after;

    __asm__ volatile("movq %[number], %%xmm5\n mov %[mark], %%rax\n mov %[mark], %%rbx\n mov %[mark], %%rdx\n mov %[mark], %%rsi\n"
                     "mov %[mark], %%rdi\n mov %[mark], %%r8\n mov %[mark], %%r9\n mov %[mark], %%r12\n mov %[mark], %%r15\n"
                     "mov %[mark], -8(%%rsp)\n mov %[mark], -120(%%rsp)\n std\n mov $3000, %%ecx\n"
                     "1: add $1, %%rax\n sub $1, %%rax\n stc\n jnc 2f\n dec %%ecx\n jnz 1b\n cld\n xor %%ecx, %%ecx\n"
                     "xor %[mark], %%rax\n or %%rax, %%rcx\n xor %[mark], %%rbx\n or %%rbx, %%rcx\n"
                     "xor %[mark], %%rdx\n or %%rdx, %%rcx\n xor %[mark], %%rsi\n or %%rsi, %%rcx\n"
                     "xor %[mark], %%rdi\n or %%rdi, %%rcx\n xor %[mark], %%r8\n or %%r8, %%rcx\n"
                     "xor %[mark], %%r9\n or %%r9, %%rcx\n xor %[mark], %%r12\n or %%r12, %%rcx\n"
                     "xor %[mark], %%r15\n or %%r15, %%rcx\n mov -8(%%rsp), %%rax\n xor %[mark], %%rax\n or %%rax, %%rcx\n"
                     "mov -120(%%rsp), %%rax\n xor %[mark], %%rax\n or %%rax, %%rcx\n jmp 3f\n 2: cld\n mov $1, %%ecx\n 3:\n"
                     "movq %%xmm5, %[after]"
                     : "=&c"(changed), [after] "=r"(after)
                     : [mark] "r"(mark), [number] "r"(number)
                     : "rax", "rbx", "rdx", "rsi", "rdi", "r8", "r9", "r12", "r15", "xmm5", "cc", "memory");
    return changed | (after != number);
}

int main(int argc, char **argv)
{
    gate_function *gate = find_gate();
    long rounds = argc > 1 ? atol(argv[1]) : 1000, bad = 0;
    unsigned long seed = 12345, before = block(BLOCK_IRQ_COUNT), count;

    for (long round = 0; round < rounds; round++) {
        seed = seed * 6364136223846793005UL + 1442695040888963407UL;
        gate(1 + (long)(seed >> 40) % (round & 1 ? 30000 : 3000), 0, 0, 0, GATE_TIMER);
        if (round & 2)
            gate(0, VECTOR_WAKE, 0, 0, GATE_IPI);
        bad += compute((unsigned long)round * 0x9e3779b97f4a7c15UL, (double)round) != 0;
    }
    count = block(BLOCK_IRQ_COUNT) - before;
    printf("%s interrupts\n", count >= (unsigned long)rounds / 2 ? "enough" : "TOO FEW");
    printf("mask %lu, pending %lu\n", block(BLOCK_MASK), block(BLOCK_PENDING));
    printf("%ld rounds damaged\n", bad);
    return bad != 0;
}
