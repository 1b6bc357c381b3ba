// Times a short function: nanoseconds per call, best of several rounds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static double nanoseconds(void (*run)(void))
{
    const double round = 2e6; // 2 ms: long against a clock call, short against a time slice
    long calls = 1;
    double best = 1e18, time;

    for (;; calls *= 2) { // finds how many calls fill a round, and warms up
        double start = now();
        for (long i = 0; i < calls; i++)
            run();
        if ((time = now() - start) > round)
            break;
    }
    for (int i = 0; i < 7; i++) {
        double start = now();
        for (long j = 0; j < calls; j++)
            run();
        time = (now() - start) / (double)calls;
        best = time < best ? time : best;
    }
    return best;
}
