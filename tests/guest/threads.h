// What the tests of threads share: checks that say what failed, moments in time, threads that must not fail to start.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef THREADS_H
#define THREADS_H

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MS = 1000000, SECOND = 1000000000 };

static atomic_int failures;

__attribute__((unused)) static int check(const char *what, int holds)
{
    if (!holds) {
        printf("FAILED: %s\n", what);
        failures++;
    }
    return holds;
}

// A call that gives an error number.
__attribute__((unused)) static void gives(const char *what, int expected, int got)
{
    if (got != expected) {
        printf("FAILED: %s gives %d (%s), not %d\n", what, got, strerror(got), expected);
        failures++;
    }
}

__attribute__((unused)) static pthread_t start(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, function, argument);
    if (error) {
        printf("FAILED: pthread_create gives %s\n", strerror(error));
        exit(1);
    }
    return thread;
}

__attribute__((unused)) static void *join(pthread_t thread)
{
    void *result = NULL;
    gives("pthread_join", 0, pthread_join(thread, &result));
    return result;
}

__attribute__((unused)) static long long now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * (long long)SECOND + time.tv_nsec;
}

// A moment so many milliseconds from now.
__attribute__((unused)) static struct timespec in_ms(clockid_t clock, long long ms)
{
    long long time = now(clock) + ms * MS;
    return (struct timespec){time / SECOND, time % SECOND};
}

__attribute__((unused)) static void sleep_ms(long ms)
{
    struct timespec time = {ms / 1000, ms % 1000 * MS};
    while (nanosleep(&time, &time) && errno == EINTR)
        ;
}

// Wait, at most ten seconds, until a thread has come so far.
__attribute__((unused)) static int reaches(atomic_int *count, int value)
{
    for (int i = 0; i < 10000 && *count < value; i++)
        sleep_ms(1);
    return *count >= value;
}

__attribute__((unused)) static int finish(void)
{
    printf("\n%d failures\n", failures);
    return failures != 0;
}

#endif
