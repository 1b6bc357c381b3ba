// Pi as the integral of 4/(1+x^2) from 0 to 1, by the midpoint rule on all cores. Usage: openmp-pi [steps]
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

static const long default_steps = 100 * 1000 * 1000;
// The rule's own error is 1/(12 n^2), below what rounding leaves from 10^6 steps on.
static const double tolerance = 1e-10;

static double integral(long steps)
{
    double width = 1.0 / (double)steps, sum = 0;

#pragma omp parallel for reduction(+ : sum)
    for (long i = 0; i < steps; i++) {
        double x = ((double)i + 0.5) * width;
        sum += 4.0 / (1.0 + x * x);
    }
    return sum * width;
}

static long steps_of(int argc, char **argv)
{
    if (argc < 2)
        return default_steps;
    char *end;
    errno = 0;
    long steps = strtol(argv[1], &end, 10);
    if (argc > 2 || errno || *end || steps < 1000000) {
        fprintf(stderr, "usage: openmp-pi [steps, at least 1000000, default %ld]\n", default_steps);
        exit(2);
    }
    return steps;
}

int main(int argc, char **argv)
{
    long steps = steps_of(argc, argv);
    double start = omp_get_wtime();
    double pi = integral(steps);
    double seconds = omp_get_wtime() - start;

    printf("threads: %d\n", omp_get_max_threads());
    printf("pi: %.12f after %ld steps in %.3f s\n", pi, steps, seconds);
    if (fabs(pi - acos(-1.0)) > tolerance) {
        printf("wrong: more than %g away\n", tolerance);
        return 1;
    }
    return 0;
}
