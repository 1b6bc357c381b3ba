// For the tests of threads: checks from any thread, time, and threads that must start. SPDX-License-Identifier: BSD-3-Clause
#ifndef MANYCORE_H
#define MANYCORE_H

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static atomic_int failures __attribute__((unused));
static int budget __attribute__((unused)) = 100; // ms that one part may take: time, not work, so that slow hosts do

static inline void check(const char *what, int holds)
{
    if (holds)
        return;
    failures++;
    printf("FAILED: %s\n", what);
}

static inline void check_is(const char *what, long long got, long long expected)
{
    if (got == expected)
        return;
    failures++;
    printf("FAILED: %s: %lld instead of %lld\n", what, got, expected);
}

static inline long long now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static inline void sleep_ms(int milliseconds)
{
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    nanosleep(&pause, NULL);
}

static inline struct timespec time_after(clockid_t clock, long nanoseconds)
{
    struct timespec time;
    clock_gettime(clock, &time);
    time.tv_nsec += nanoseconds;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

static inline pthread_t start(void *(*body)(void *), void *argument)
{
    pthread_t made;
    int error = pthread_create(&made, NULL, body, argument);
    if (error) {
        printf("FAILED: pthread_create: %s\n", strerror(error));
        exit(3);
    }
    return made;
}

static inline void *end(pthread_t thread)
{
    void *result = NULL;
    check_is("pthread_join", pthread_join(thread, &result), 0);
    return result;
}

// Runs `body` in `count` threads at once, each with its number, and waits for all.
static inline void in_threads(int count, void *(*body)(void *))
{
    pthread_t *made = calloc((size_t)count, sizeof *made);
    for (long number = 0; number < count; number++)
        made[number] = start(body, (void *)number);
    for (int number = 0; number < count; number++)
        end(made[number]);
    free(made);
}

static inline int conclude(void)
{
    printf("end:\n%d failures\n", failures);
    return failures != 0;
}

#endif
