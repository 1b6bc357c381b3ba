// Cores and crowds of threads, for the programs about threads.
// SPDX-License-Identifier: BSD-3-Clause
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "threads.h"

enum { MOST = 1024 };

static cpu_set_t all;

void must(const char *what, int error)
{
    if (error != 0) {
        fprintf(stderr, "%s: %s\n", what, strerror(error));
        exit(1);
    }
}

__attribute__((constructor)) static void look(void)
{
    must("pthread_getaffinity_np", pthread_getaffinity_np(pthread_self(), sizeof all, &all));
}

int cores(void) { return CPU_COUNT(&all); }

void pin(int core)
{
    cpu_set_t one;
    int found = 0;

    CPU_ZERO(&one);
    while (!CPU_ISSET(found, &all) || core-- > 0)
        found++;
    CPU_SET(found, &one);
    must("pthread_setaffinity_np", pthread_setaffinity_np(pthread_self(), sizeof one, &one));
}

void unpin(void) { must("pthread_setaffinity_np", pthread_setaffinity_np(pthread_self(), sizeof all, &all)); }

void print_figure(const char *name, double value)
{
    printf("%s: %.3f\n", name, value);
    fflush(stdout);
}

struct member {
    void (*function)(void *, size_t);
    void *data;
    size_t calls;
    pthread_barrier_t *start;
    double begin, end;
};

static void *run(void *argument)
{
    struct member *member = argument;

    pthread_barrier_wait(member->start);
    member->begin = now_ns();
    member->function(member->data, member->calls);
    member->end = now_ns();
    return NULL;
}

double crowd_ns(int count, void (*function)(void *, size_t), void *data, size_t calls)
{
    static struct member members[MOST];
    static pthread_t threads[MOST];
    pthread_barrier_t start;
    double begin = INFINITY, end = 0;

    must("pthread_barrier_init", pthread_barrier_init(&start, NULL, (unsigned)count + 1));
    for (int i = 0; i < count; i++) {
        members[i] = (struct member){function, data, calls, &start, 0, 0};
        must("pthread_create", pthread_create(&threads[i], NULL, run, &members[i]));
    }
    pthread_barrier_wait(&start);
    for (int i = 0; i < count; i++) {
        must("pthread_join", pthread_join(threads[i], NULL));
        begin = members[i].begin < begin ? members[i].begin : begin;
        end = members[i].end > end ? members[i].end : end;
    }
    pthread_barrier_destroy(&start);
    return end - begin;
}
