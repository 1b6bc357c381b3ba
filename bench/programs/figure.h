// How a bench program takes one figure: nanoseconds a call, the best of several stretches of work; printed as "name: value".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stddef.h>
#include <stdio.h>
#include <time.h>

// Work that a figure is about: `calls` calls, on `data`.
typedef void work(void *data, size_t calls);

// Long enough that the clock's own cost vanishes, short enough that most stretches see no interrupt.
static const double stretch_ns = 4e6;
enum { STRETCHES = 7 };

static inline double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static inline double stretch(work *function, void *data, size_t calls)
{
    double start = now_ns();
    function(data, calls);
    return now_ns() - start;
}

// The best of STRETCHES: what the machine can do, free of what else it did meanwhile.
static inline void figure(const char *name, work *function, void *data)
{
    size_t calls = 1;
    double best = stretch(function, data, calls);

    while (best < stretch_ns && calls < (size_t)1 << 40) {
        calls *= 2;
        best = stretch(function, data, calls);
    }
    for (int i = 1; i < STRETCHES; i++) {
        double time = stretch(function, data, calls);
        if (time < best)
            best = time;
    }
    printf("%s: %.3f\n", name, best / (double)calls);
    fflush(stdout);
}
