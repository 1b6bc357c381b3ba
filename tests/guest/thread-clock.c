// Clocks of processor time never go back, whoever interrupts their reader.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "threads.h"

enum { THREADS = 3, HALF_SECOND = 500 * MS };

static void *read_own(void *argument)
{
    long long end = now(CLOCK_MONOTONIC) + HALF_SECOND, last = 0;
    do {
        for (int i = 0; i < 1000; i++) {
            long long time = now(CLOCK_THREAD_CPUTIME_ID);
            if (time < last) {
                check("the thread's clock goes on", 0);
                return argument;
            }
            last = time;
        }
    } while (now(CLOCK_MONOTONIC) < end);
    check("the thread has run", last > 0);
    return argument;
}

int main(void)
{
    cpu_set_t first;
    pthread_t threads[THREADS];
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    pthread_setaffinity_np(pthread_self(), sizeof first, &first); // they take turns
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(read_own, NULL);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    return finish();
}
