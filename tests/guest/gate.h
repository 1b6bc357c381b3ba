// How a program finds the nub's one gate: hidden from the linker, not from somebody who reads memory.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef GATE_H
#define GATE_H

#include <string.h>

// kernel/abi/src/core.rs
enum { GATE_WAIT, GATE_MAP, GATE_TIMER, GATE_PROTECT, GATE_IPI, GATE_SEAL, GATE_TIMER_COUNT, GATE_START };

typedef long gate_function(long, long, long, long, long number);

extern char __executable_start[], nub_start[];

// mov %r8, %rax; int3; ret
static inline gate_function *find_gate(void)
{
    for (char *p = __executable_start; p < nub_start - 5; p++)
        if (memcmp(p, "\x4c\x89\xc0\xcc\xc3", 5) == 0)
            return (gate_function *)p;
    return NULL;
}

#endif
