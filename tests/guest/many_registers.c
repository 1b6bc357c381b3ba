// Vector, x87 and mask registers of threads that share a core: each finds its own again after any number of switches.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <stddef.h>

enum { WIDE = 64, REGISTERS = 32 };

static atomic_int stop;
static atomic_long rounds;
static int avx512, avx;

typedef struct {
    _Alignas(64) unsigned char vector[REGISTERS][WIDE];
    uint64_t mask[8];
    double x87[4];
    uint32_t mxcsr;
} State;

// Loads all registers, is busy for `spins` rounds of a loop that touches none of them, and stores them again. ZMM 0 to 31, k1 to k7.
__attribute__((noinline)) static void hold_avx512(const State *in, State *out, long spins)
{
#define EACH(m) m(0) m(1) m(2) m(3) m(4) m(5) m(6) m(7) m(8) m(9) m(10) m(11) m(12) m(13) m(14) m(15)
#define MORE(m) m(16) m(17) m(18) m(19) m(20) m(21) m(22) m(23) m(24) m(25) m(26) m(27) m(28) m(29) m(30) m(31)
#define MASKS(m) m(1) m(2) m(3) m(4) m(5) m(6) m(7)
#define LOAD_Z(n) "vmovdqu64 64*" #n "(%1), %%zmm" #n "\n"
#define STORE_Z(n) "vmovdqu64 %%zmm" #n ", 64*" #n "(%2)\n"
#define LOAD_K(n) "kmovq 2048+8*" #n "(%1), %%k" #n "\n"
#define STORE_K(n) "kmovq %%k" #n ", 2048+8*" #n "(%2)\n"
#define LOAD_Y(n) "vmovdqu 64*" #n "(%1), %%ymm" #n "\n"
#define STORE_Y(n) "vmovdqu %%ymm" #n ", 64*" #n "(%2)\n"
#define LOAD_X(n) "movdqu 64*" #n "(%1), %%xmm" #n "\n"
#define STORE_X(n) "movdqu %%xmm" #n ", 64*" #n "(%2)\n"
#define SPIN "1: pause; dec %0; jnz 1b\n"
#define OPERANDS : "+r"(spins) : "r"(in), "r"(out) : "memory", "cc"
    __asm__ volatile(EACH(LOAD_Z) MORE(LOAD_Z) MASKS(LOAD_K) SPIN EACH(STORE_Z) MORE(STORE_Z) MASKS(STORE_K) "vzeroupper" OPERANDS);
}

__attribute__((noinline)) static void hold_avx(const State *in, State *out, long spins)
{
    __asm__ volatile(EACH(LOAD_Y) SPIN EACH(STORE_Y) "vzeroupper" OPERANDS);
}

__attribute__((noinline)) static void hold_sse(const State *in, State *out, long spins)
{
    __asm__ volatile(EACH(LOAD_X) SPIN EACH(STORE_X) OPERANDS);
}

__attribute__((noinline)) static void hold_x87(const State *in, State *out, long spins)
{
    const double *from = in->x87;
    double *to = out->x87;
    __asm__ volatile("ldmxcsr %3\n fldl (%1)\n fldl 8(%1)\n fldl 16(%1)\n fldl 24(%1)\n" SPIN
                     "fstpl 24(%2)\n fstpl 16(%2)\n fstpl 8(%2)\n fstpl (%2)\n stmxcsr %4"
                     : "+r"(spins) : "r"(from), "r"(to), "m"(in->mxcsr), "m"(out->mxcsr) : "memory", "cc");
    uint32_t usual = 0x1f80;
    __asm__ volatile("ldmxcsr %0" : : "m"(usual));
}

static void *hold(void *number)
{
    static const uint32_t rounding[] = {0x1f80, 0x3f80, 0x5f80, 0x7f80};
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    pthread_setaffinity_np(pthread_self(), sizeof set, &set);
    static __thread State in, out;
    size_t width = avx512 ? 64 : avx ? 32 : 16, registers = avx512 ? 32 : 16;
    for (long round = 0; !stop; round++) {
        memset(&in, (int)((long)number * 29 + round + 1), sizeof in);
        memset(&out, 0, sizeof out);
        in.mxcsr = rounding[((long)number + round) % 4];
        for (int i = 0; i < 4; i++)
            in.x87[i] = (double)(round * 7 + (long)number + i);
        (avx512 ? hold_avx512 : avx ? hold_avx : hold_sse)(&in, &out, 3000);
        for (size_t i = 0; i < registers; i++)
            check("a vector register", memcmp(in.vector[i], out.vector[i], width) == 0);
        for (int i = 1; avx512 && i < 8; i++)
            check("a mask register", in.mask[i] == out.mask[i]);
        hold_x87(&in, &out, 3000);
        check("the x87 stack", memcmp(in.x87, out.x87, sizeof in.x87) == 0);
        check_is("mxcsr", out.mxcsr & 0x7f80, in.mxcsr);
        rounds++;
        if (round % 3 == 0)
            sched_yield();
    }
    return NULL;
}

static void *tell(void *unused)
{
    sleep_ms(budget * 3);
    stop = 1;
    return unused;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        budget *= atoi(argv[1]);
    avx = __builtin_cpu_supports("avx");
    avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    _Static_assert(offsetof(State, mask) == 2048, "as the assembly says");
    pthread_t teller = start(tell, NULL);
    in_threads(6, hold);
    end(teller);
    printf("%ld rounds, %s\n", (long)rounds, avx512 ? "AVX-512" : avx ? "AVX" : "SSE");
    check("registers were held", rounds >= 6);
    return conclude();
}
