// Many threads at once: a lock that all want, a barrier, and malloc in all of them.
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <stdlib.h>

#include "threads.h"

enum { TRIES = 5, CROWD = 128, CONVOY = 4, SLOTS = 32 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile unsigned long counter;
static void *(*volatile allocate)(size_t) = malloc;

static void work_in_turn(void *data, size_t calls)
{
    (void)data;
    while (calls--) {
        pthread_mutex_lock(&lock);
        counter++;
        pthread_mutex_unlock(&lock);
    }
}

static void meet(void *data, size_t calls)
{
    while (calls--)
        pthread_barrier_wait(data);
}

// Blocks of 1 to 512 bytes in no order, 32 of them at a time.
static void allocate_and_free(void *data, size_t calls)
{
    char *slots[SLOTS] = {NULL};
    unsigned state = (unsigned)(size_t)&slots;

    (void)data;
    for (size_t i = 0; i < calls; i++) {
        state = state * 1664525u + 1013904223u;
        unsigned slot = (state >> 8) % SLOTS;
        free(slots[slot]);
        slots[slot] = allocate(1 + (state >> 16) % 512);
        *slots[slot] = 1;
    }
    for (int i = 0; i < SLOTS; i++)
        free(slots[i]);
}

// The best of TRIES, for one call of one of the threads.
static double best(int threads, void (*function)(void *, size_t), void *data, size_t calls)
{
    double least = crowd_ns(threads, function, data, calls);

    for (int i = 1; i < TRIES; i++) {
        double time = crowd_ns(threads, function, data, calls);
        if (time < least)
            least = time;
    }
    return least / (double)calls;
}

void crowds(void)
{
    int all = cores(), convoy = CONVOY * all;
    pthread_barrier_t barrier;

    print_figure("convoy-mutex", best(convoy, work_in_turn, NULL, 20000) / convoy);
    must("pthread_barrier_init", pthread_barrier_init(&barrier, NULL, (unsigned)all));
    print_figure("barrier", best(all, meet, &barrier, 5000));
    pthread_barrier_destroy(&barrier);
    print_figure("malloc-in-128-threads", best(CROWD, allocate_and_free, NULL, 20000) / CROWD);
}
