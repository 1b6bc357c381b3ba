// Times memcpy, memmove and memset over sizes from 16 B to 16 MiB: nanoseconds per call, best of several rounds.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"

static char *source, *target;
static size_t size;

// Through pointers, so that the compiler neither inlines nor drops a call.
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile set)(void *, int, size_t) = memset;

static void run_memcpy(void) { copy(target, source, size); }
static void run_memmove(void) { move(source + 16, source, size); } // overlaps: copied from the end
static void run_memset(void) { set(target, 1, size); }

int main(void)
{
    static const size_t sizes[] = {16, 64, 256, 1 << 10, 4 << 10, 64 << 10, 1 << 20, 16 << 20};
    static const struct {
        const char *name;
        void (*run)(void);
    } calls[] = {{"memcpy", run_memcpy}, {"memmove", run_memmove}, {"memset", run_memset}};

    source = malloc((16 << 20) + 64);
    target = malloc((16 << 20) + 64);
    if (!source || !target)
        return 1;
    memset(source, 1, (16 << 20) + 64);
    memset(target, 2, (16 << 20) + 64);
    for (size_t call = 0; call < sizeof calls / sizeof *calls; call++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            size = sizes[i];
            printf("%s %zu\t%.2f\n", calls[call].name, size, nanoseconds(calls[call].run));
        }
    return 0;
}
