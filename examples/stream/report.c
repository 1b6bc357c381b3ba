// What STREAM prints: the header, the table of rates, the verdict on the results.
// SPDX-License-Identifier: BSD-3-Clause
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "stream.h"

static const char line[] = "-------------------------------------------------------------";

// Arrays that a kernel reads or writes: bytes moved are this times the size of one.
static const struct {
    const char *name;
    int arrays;
} kernels[KERNELS] = {
    [COPY] = {"Copy:", 2}, [SCALE] = {"Scale:", 2}, [ADD] = {"Add:", 3}, [TRIAD] = {"Triad:", 3},
};

void print_header(const struct arrays *arrays, double tick, int threads)
{
    double mib = (double)arrays->count * sizeof(double) / (1024.0 * 1024.0);

    puts(line);
    puts("Sustainable memory bandwidth by the run rules of STREAM");
    printf("%zu bytes per element, %zu elements per array\n", sizeof(double), arrays->count);
    printf("Memory per array %.1f MiB, in all %.1f MiB\n", mib, 3 * mib);
    puts("Each array should be at least four times as large as the last-level cache.");
    printf("Each kernel runs %d times; the best of all but the first counts.\n", NTIMES);
    printf("The clock's step is about %.3g microseconds.\n", 1e6 * tick);
    printf("threads: %d\n", threads);
    puts(line);
    fflush(stdout);
}

void print_table(double times[KERNELS][NTIMES], size_t count)
{
    puts("Function    Best Rate MB/s  Avg time     Min time     Max time");
    for (int kernel = 0; kernel < KERNELS; kernel++) {
        double sum = 0, best = DBL_MAX, worst = 0;
        for (int round = 1; round < NTIMES; round++) {
            double time = times[kernel][round];
            sum += time;
            best = fmin(best, time);
            worst = fmax(worst, time);
        }
        double bytes = (double)kernels[kernel].arrays * sizeof(double) * (double)count;
        printf("%-12s%12.1f  %11.6f  %11.6f  %11.6f\n", kernels[kernel].name,
               1e-6 * bytes / best, sum / (NTIMES - 1), best, worst);
    }
    puts(line);
}

// Average of |value - expected| over an array.
static double average_error(const double *values, double expected, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += fabs(values[i] - expected);
    return sum / (double)count;
}

int validate(const struct arrays *arrays)
{
    // 64-bit elements: an average relative error of 1e-13 is what the run rules allow.
    const double bound = 1e-13;
    double a = START_A, b = START_B, c = START_C;

    for (int round = 0; round < NTIMES; round++) {
        c = a;
        b = SCALAR * c;
        c = a + b;
        a = b + SCALAR * c;
    }
    const struct {
        const char *name;
        const double *values;
        double expected;
    } checks[] = {{"a", arrays->a, a}, {"b", arrays->b, b}, {"c", arrays->c, c}};
    int wrong = 0;
    for (int i = 0; i < 3; i++) {
        double error = average_error(checks[i].values, checks[i].expected, arrays->count) / fabs(checks[i].expected);
        if (!(error <= bound)) {
            printf("Failed validation: array %s: average relative error %.3g, allowed %.3g\n", checks[i].name, error, bound);
            wrong++;
        }
    }
    if (wrong == 0)
        printf("Solution validates: average error less than %.3g on all three arrays\n", bound);
    puts(line);
    return wrong;
}
