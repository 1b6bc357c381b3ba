// Hourglass: a thread on each core does nothing but read the clock; how often it was away for more than 10 us, and how long.
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <stdio.h>
#include <x86intrin.h>

#include "figure.h"
#include "threads.h"

enum { MOST = 1024, SECONDS = 2 };
static const double gap_ns = 10e3;

static struct glass {
    int core;
    double tick_ns;
    unsigned long gaps;
    unsigned long long longest; // in ticks of the TSC
    pthread_barrier_t *start;
} glasses[MOST];

static double tick_ns(void)
{
    double start = now_ns(), end = start;
    unsigned long long first = __rdtsc(), last = first;

    while (end - start < 50e6) {
        end = now_ns();
        last = __rdtsc();
    }
    return (end - start) / (double)(last - first);
}

static void *run(void *data)
{
    struct glass *glass = data, seen = *glass;
    unsigned long long gap = (unsigned long long)(gap_ns / seen.tick_ns), before, now, end;

    pin(seen.core);
    pthread_barrier_wait(seen.start);
    before = __rdtsc();
    end = before + (unsigned long long)(SECONDS * 1e9 / seen.tick_ns);
    while (before < end) {
        now = __rdtsc();
        if (now - before > gap) {
            seen.gaps++;
            if (now - before > seen.longest)
                seen.longest = now - before;
        }
        before = now;
    }
    *glass = seen;
    return NULL;
}

int main(void)
{
    static pthread_t threads[MOST];
    pthread_barrier_t start;
    unsigned long gaps = 0;
    unsigned long long longest = 0;
    double tick = tick_ns();
    int all = cores() < MOST ? cores() : MOST;

    must("pthread_barrier_init", pthread_barrier_init(&start, NULL, (unsigned)all));
    for (int i = 0; i < all; i++) {
        glasses[i] = (struct glass){i, tick, 0, 0, &start};
        must("pthread_create", pthread_create(&threads[i], NULL, run, &glasses[i]));
    }
    for (int i = 0; i < all; i++) {
        must("pthread_join", pthread_join(threads[i], NULL));
        gaps += glasses[i].gaps;
        if (glasses[i].longest > longest)
            longest = glasses[i].longest;
    }
    printf("gaps: %.2f\nlongest: %.2f\n", (double)gaps / SECONDS, (double)longest * tick / 1e3);
    return 0;
}
