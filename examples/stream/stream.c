// Sustainable memory bandwidth after McCalpin's STREAM run rules: four kernels, ten times each, the best of all but the
// first, results checked. Usage: stream [elements per array]; rule: each array at least four times the last-level cache.
// With OpenMP; OMP_NUM_THREADS or the isle's cores say how many threads.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "stream.h"

static const size_t default_elements = 10 * 1000 * 1000;
static const size_t alignment = 64; // a cache line

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

// Smallest step between two readings of the clock that differ, in seconds.
static double clock_tick(void)
{
    double smallest = 1.0;
    for (int i = 0; i < 20; i++) {
        double start = seconds(), now;
        do
            now = seconds();
        while (now == start);
        if (now - start < smallest)
            smallest = now - start;
    }
    return smallest;
}

static double *new_array(size_t count)
{
    void *memory = malloc(count * sizeof(double) + alignment);
    if (!memory) {
        fprintf(stderr, "stream: out of memory: three arrays of %zu bytes (give fewer elements or more memory)\n",
                count * sizeof(double));
        exit(1);
    }
    return (double *)(((uintptr_t)memory + alignment - 1) & ~(uintptr_t)(alignment - 1));
}

static size_t elements(int argc, char **argv)
{
    if (argc < 2)
        return default_elements;
    char *end;
    errno = 0;
    unsigned long long count = strtoull(argv[1], &end, 10);
    if (argc > 2 || errno || *end || argv[1][0] == '-' || count == 0 || count > SIZE_MAX / sizeof(double) / 4) {
        fprintf(stderr, "usage: stream [elements per array, default %zu]\n", default_elements);
        exit(2);
    }
    return (size_t)count;
}

// How many threads a parallel region has.
static int count_threads(void)
{
    int threads = 0;
#pragma omp parallel
    {
#pragma omp atomic
        threads++;
    }
    return threads;
}

// By the threads that work on the elements later: memory belongs to the node of the core that writes to it first.
static void fill(const struct arrays *arrays)
{
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < arrays->count; i++) {
        arrays->a[i] = START_A;
        arrays->b[i] = START_B;
        arrays->c[i] = START_C;
    }
}

static void run(const struct arrays *arrays, double times[KERNELS][NTIMES])
{
    double *a = arrays->a, *b = arrays->b, *c = arrays->c;
    size_t count = arrays->count;

    for (int round = 0; round < NTIMES; round++) {
        double start = seconds();
        kernel_copy(c, a, count);
        double copied = seconds();
        kernel_scale(b, c, SCALAR, count);
        double scaled = seconds();
        kernel_add(c, a, b, count);
        double added = seconds();
        kernel_triad(a, b, c, SCALAR, count);
        double end = seconds();
        times[COPY][round] = copied - start;
        times[SCALE][round] = scaled - copied;
        times[ADD][round] = added - scaled;
        times[TRIAD][round] = end - added;
    }
}

int main(int argc, char **argv)
{
    static double times[KERNELS][NTIMES];
    size_t count = elements(argc, argv);
    struct arrays arrays = {new_array(count), new_array(count), new_array(count), count};

    fill(&arrays);
    print_header(&arrays, clock_tick(), count_threads());
    run(&arrays, times);
    print_table(times, count);
    return validate(&arrays) ? 1 : 0;
}
