// POSIX threads: each says hello, takes numbers from one counter and adds them up; main joins them and checks the sum.
// Usage: threads [number of threads, default: twice the cores]
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NUMBERS = 100000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long next_number = 1; // under the lock

struct worker {
    pthread_t thread;
    int number;
    long sum, taken;
};

// The next number that nobody has, 0 after the last.
static long take(void)
{
    pthread_mutex_lock(&lock);
    long number = next_number <= NUMBERS ? next_number++ : 0;
    pthread_mutex_unlock(&lock);
    return number;
}

static void *work(void *argument)
{
    struct worker *self = argument;

    printf("Hello from thread %d\n", self->number);
    for (long number; (number = take()) != 0; self->taken++)
        self->sum += number;
    return self;
}

static int threads_of(int argc, char **argv)
{
    if (argc < 2)
        return 2 * (int)sysconf(_SC_NPROCESSORS_ONLN);
    char *end;
    errno = 0;
    long count = strtol(argv[1], &end, 10);
    if (argc > 2 || errno || *end || count < 1 || count > 10000) {
        fprintf(stderr, "usage: threads [number of threads, 1 to 10000]\n");
        exit(2);
    }
    return (int)count;
}

int main(int argc, char **argv)
{
    int count = threads_of(argc, argv), failed;
    struct worker *workers = calloc((size_t)count, sizeof *workers);
    long sum = 0, taken = 0;

    if (!workers)
        return 1;
    for (int i = 0; i < count; i++) {
        workers[i].number = i;
        if ((failed = pthread_create(&workers[i].thread, NULL, work, &workers[i])) != 0) {
            fprintf(stderr, "threads: cannot start thread %d: %s\n", i, strerror(failed));
            return 1;
        }
    }
    for (int i = 0; i < count; i++) {
        void *result = NULL;
        if (pthread_join(workers[i].thread, &result) != 0 || result != &workers[i]) {
            fprintf(stderr, "threads: thread %d was not joined\n", i);
            return 1;
        }
        sum += workers[i].sum;
        taken += workers[i].taken;
    }
    printf("threads: %d\nnumbers taken: %ld\nsum: %ld\n", count, taken, sum);
    return taken == NUMBERS && sum == (long)NUMBERS * (NUMBERS + 1) / 2 ? 0 : 1;
}
