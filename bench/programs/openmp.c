// What OpenMP's constructs cost, after EPCC's synchronisation benchmark: each holds a short delay, and what the same delay
// takes without the construct is subtracted. Printed as "name: ns", and how many threads there are.
// SPDX-License-Identifier: BSD-3-Clause
#include <math.h>
#include <omp.h>
#include <stddef.h>

#include "figure.h"

// Rounds of the delay: about a tenth of a microsecond.
enum { DELAY = 100 };
// A cost below the clock's reach; 0 would have no ratio to the host's.
static const double least_ns = 0.1;

static omp_lock_t lock;
static volatile double sink;

// Out of line, so that it takes the same time everywhere.
__attribute__((noinline)) static void delay(void)
{
    for (int i = 0; i < DELAY; i++)
        __asm__ volatile("" ::: "memory");
}

static void reference(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        delay();
}

static void parallel(void *data, size_t calls)
{
    (void)data;
    while (calls--) {
#pragma omp parallel
        delay();
    }
}

static void parallel_for(void *data, size_t calls)
{
    int threads = omp_get_max_threads();
    (void)data;
    while (calls--) {
#pragma omp parallel for schedule(static, 1)
        for (int i = 0; i < threads; i++)
            delay();
    }
}

static void for_loop(void *data, size_t calls)
{
    int threads = omp_get_max_threads();
    (void)data;
#pragma omp parallel
    for (size_t call = 0; call < calls; call++) {
#pragma omp for schedule(static, 1)
        for (int i = 0; i < threads; i++)
            delay();
    }
}

static void dynamic(void *data, size_t calls)
{
    int threads = omp_get_max_threads();
    (void)data;
#pragma omp parallel
    for (size_t call = 0; call < calls; call++) {
#pragma omp for schedule(dynamic, 1)
        for (int i = 0; i < threads; i++)
            delay();
    }
}

static void barrier(void *data, size_t calls)
{
    (void)data;
#pragma omp parallel
    for (size_t call = 0; call < calls; call++) {
        delay();
#pragma omp barrier
    }
}

static void single(void *data, size_t calls)
{
    (void)data;
#pragma omp parallel
    for (size_t call = 0; call < calls; call++) {
#pragma omp single
        delay();
    }
}

static void reduction(void *data, size_t calls)
{
    double sum = 0;
    (void)data;
    while (calls--) {
#pragma omp parallel reduction(+ : sum)
        {
            delay();
            sum += 1;
        }
    }
    sink = sum;
}

// From here on the threads share the calls: one delay after the other is what they could do at best.
static void critical(void *data, size_t calls)
{
    (void)data;
#pragma omp parallel for schedule(static)
    for (size_t call = 0; call < calls; call++) {
#pragma omp critical
        delay();
    }
}

static void locked(void *data, size_t calls)
{
    (void)data;
#pragma omp parallel for schedule(static)
    for (size_t call = 0; call < calls; call++) {
        omp_set_lock(&lock);
        delay();
        omp_unset_lock(&lock);
    }
}

static void ordered(void *data, size_t calls)
{
    (void)data;
#pragma omp parallel for ordered schedule(static, 1)
    for (size_t call = 0; call < calls; call++) {
#pragma omp ordered
        delay();
    }
}

// Every thread makes its share of the calls, each a task that any of them may take.
static void task(void *data, size_t calls)
{
    size_t share = calls / (size_t)omp_get_max_threads() + 1;
    (void)data;
#pragma omp parallel
    for (size_t call = 0; call < share; call++) {
#pragma omp task
        delay();
    }
}

// Nanoseconds a call, the best of STRETCHES.
static double cost(work *function)
{
    size_t calls = 1;
    double best = stretch(function, NULL, calls);

    while (best < stretch_ns && calls < (size_t)1 << 40) {
        calls *= 2;
        best = stretch(function, NULL, calls);
    }
    for (int i = 1; i < STRETCHES; i++)
        best = fmin(best, stretch(function, NULL, calls));
    return best / (double)calls;
}

int main(void)
{
    static const struct {
        const char *name;
        work *function;
        int shared; // the threads share the calls, and with them the delays
    } constructs[] = {
        {"parallel", parallel, 0}, {"parallel-for", parallel_for, 0}, {"for", for_loop, 0}, {"for-dynamic", dynamic, 0},
        {"barrier", barrier, 0}, {"single", single, 0}, {"reduction", reduction, 0}, {"critical", critical, 0},
        {"lock", locked, 0}, {"ordered", ordered, 0}, {"task", task, 1},
    };
    int threads = omp_get_max_threads();
    double delayed = cost(reference);

    omp_init_lock(&lock);
    printf("threads: %d\n", threads);
    for (size_t i = 0; i < sizeof constructs / sizeof *constructs; i++) {
        double taken = cost(constructs[i].function), free_of = constructs[i].shared ? delayed / threads : delayed;
        printf("%s: %.3f\n", constructs[i].name, fmax(taken - free_of, least_ns));
        fflush(stdout);
    }
    return 0;
}
