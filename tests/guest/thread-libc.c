// The C library with threads: states of their own, locks on what is shared, nothing lost at the end.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <signal.h>

#include "threads.h"

enum { THREADS = 4, ROUNDS = 300 };

static pthread_barrier_t barrier;

// Takes a list apart in step with the others.
static void *tokens(void *argument)
{
    char list[64], expected[8];
    int me = (int)(long)argument;
    snprintf(list, sizeof list, "a%d,b%d,c%d", me, me, me);
    char *token = strtok(list, ",");
    for (char letter = 'a'; letter <= 'c'; letter++) {
        snprintf(expected, sizeof expected, "%c%d", letter, me);
        check("strtok of its own", token != NULL && strcmp(token, expected) == 0);
        pthread_barrier_wait(&barrier);
        token = strtok(NULL, ",");
    }
    return NULL;
}

static void *dates(void *argument)
{
    time_t time = (long)argument * 366 * 24 * 3600;
    struct tm *date = gmtime(&time);
    pthread_barrier_wait(&barrier);
    check("gmtime of its own", date->tm_year == 70 + (int)(long)argument);
    char *text = asctime(date);
    pthread_barrier_wait(&barrier);
    char year[16];
    snprintf(year, sizeof year, "%d", 1970 + (int)(long)argument);
    check("asctime of its own", strstr(text, year) != NULL);
    return NULL;
}

static void *dice(void *argument)
{
    long sum = 0;
    srand(7);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < 100; i++)
        sum = sum * 31 + rand();
    (void)argument;
    return (void *)sum;
}

static void *errors(void *argument)
{
    char *text = strerror(5000 + (int)(long)argument), expected[32];
    pthread_barrier_wait(&barrier);
    snprintf(expected, sizeof expected, "Unknown error %d", 5000 + (int)(long)argument);
    check("strerror of its own", strcmp(text, expected) == 0);
    errno = 100 + (int)(long)argument;
    pthread_barrier_wait(&barrier);
    check("errno of its own", errno == 100 + (int)(long)argument);
    return NULL;
}

static void *environment(void *argument)
{
    char name[16], value[16];
    snprintf(name, sizeof name, "VAR%ld", (long)argument);
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(value, sizeof value, "%d", i);
        if (setenv(name, value, 1) || strcmp(getenv(name), value))
            check("setenv and getenv", 0);
    }
    unsetenv(name);
    check("unsetenv", getenv(name) == NULL);
    return NULL;
}

static void *numbers(void *argument)
{
    char text[64];
    (void)argument;
    for (int i = 1; i <= ROUNDS; i++) {
        double value = i / 7.0 * 1e20;
        snprintf(text, sizeof text, "%.17g %a", value, value);
        if (strtod(text, NULL) != value)
            check("numbers as text and back", 0);
    }
    return NULL;
}

static void *memory(void *argument)
{
    char *blocks[16] = {NULL};
    unsigned seed = (unsigned)(long)argument;
    for (int i = 0; i < 20 * ROUNDS; i++) {
        seed = seed * 1103515245 + 12345;
        int which = seed >> 16 & 15;
        if (blocks[which] && blocks[which][0] != (char)which)
            check("memory of its own", 0);
        free(blocks[which]);
        blocks[which] = malloc(1 + (seed >> 20 & 1023));
        blocks[which][0] = (char)which;
    }
    for (int i = 0; i < 16; i++)
        free(blocks[i]);
    return NULL;
}

static void *lines(void *argument)
{
    for (int i = 0; i < 20; i++)
        printf("line %ld of a thread that writes %s\n", (long)argument, "whole lines");
    return NULL;
}

static void *streams(void *argument)
{
    char *text, expected[32];
    size_t size;
    snprintf(expected, sizeof expected, "thread %ld", (long)argument);
    for (int i = 0; i < 50; i++) {
        FILE *stream = open_memstream(&text, &size);
        if (!check("open_memstream", stream != NULL))
            return NULL;
        fprintf(stream, "thread %ld", (long)argument);
        fclose(stream);
        if (strcmp(text, expected))
            check("a stream of its own", 0);
        free(text);
    }
    return NULL;
}

static void *nested(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        flockfile(stderr);
        flockfile(stderr);
        (*(int *)argument)++;
        funlockfile(stderr);
        funlockfile(stderr);
    }
    return NULL;
}

static void all(void *(*function)(void *), void *shared)
{
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++)
        threads[i] = start(function, shared ? shared : (void *)i);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
}

static void options(void)
{
    check("threads", sysconf(_SC_THREADS) == 200809 && sysconf(_SC_THREAD_PRIO_INHERIT) == 200809);
    check("stack", sysconf(_SC_THREAD_STACK_MIN) == PTHREAD_STACK_MIN);
    check("keys", sysconf(_SC_THREAD_KEYS_MAX) >= _POSIX_THREAD_KEYS_MAX);
    check("rounds", sysconf(_SC_THREAD_DESTRUCTOR_ITERATIONS) == PTHREAD_DESTRUCTOR_ITERATIONS);
    check("cores", sysconf(_SC_NPROCESSORS_ONLN) >= 1 && sysconf(_SC_NPROCESSORS_ONLN) == sysconf(_SC_NPROCESSORS_CONF));
}

int main(void)
{
    int shared = 0;
    flockfile(stdin); // before the first use of any stream
    funlockfile(stdin);
    pthread_barrier_init(&barrier, NULL, THREADS);
    all(tokens, NULL);
    all(dates, NULL);
    all(errors, NULL);
    all(environment, NULL);
    all(numbers, NULL);
    all(memory, NULL);
    all(streams, NULL);
    all(nested, &shared);
    check("flockfile excludes, and nests", shared == THREADS * ROUNDS);
    pthread_barrier_destroy(&barrier);
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_t one = start(dice, NULL), other = start(dice, NULL);
    check("rand of its own", join(one) == join(other));
    options();
    all(lines, NULL);
    return finish();
}
