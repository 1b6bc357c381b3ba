// Laplace's equation on a square by Jacobi's method, on all cores. Usage: jacobi [size of the grid] [iterations]
// It begins with sin(pi x) sin(pi y), which each sweep multiplies by cos(pi h): so the result is known, and checked.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>

enum { DEFAULT_SIZE = 500, DEFAULT_ITERATIONS = 1000 };
static const double tolerance = 1e-10;

struct grid {
    int size;       // inner points of a row; the border around them is zero
    double *values; // (size + 2) rows of as many
};

static double *row(const struct grid *grid, int y) { return grid->values + (size_t)y * (size_t)(grid->size + 2); }

// The start, at one point.
static double mode(const struct grid *grid, int x, int y)
{
    double step = acos(-1.0) / (grid->size + 1);
    return sin(step * x) * sin(step * y);
}

static struct grid new_grid(int size)
{
    struct grid grid = {size, calloc((size_t)(size + 2) * (size_t)(size + 2), sizeof(double))};
    if (!grid.values) {
        fprintf(stderr, "jacobi: out of memory: two grids of %d x %d (give a smaller size or more memory)\n", size, size);
        exit(1);
    }
    return grid;
}

// One iteration; gives the largest change of a point.
static double sweep(const struct grid *from, const struct grid *to)
{
    double largest = 0;

#pragma omp parallel for reduction(max : largest) schedule(static)
    for (int y = 1; y <= from->size; y++) {
        const double *above = row(from, y - 1), *here = row(from, y), *below = row(from, y + 1);
        double *out = row(to, y);
        for (int x = 1; x <= from->size; x++) {
            out[x] = 0.25 * (above[x] + below[x] + here[x - 1] + here[x + 1]);
            double change = fabs(out[x] - here[x]);
            largest = change > largest ? change : largest;
        }
    }
    return largest;
}

// Largest distance from the start times `factor`.
static double error(const struct grid *grid, double factor)
{
    double largest = 0;

#pragma omp parallel for reduction(max : largest)
    for (int y = 1; y <= grid->size; y++)
        for (int x = 1; x <= grid->size; x++)
            largest = fmax(largest, fabs(row(grid, y)[x] - factor * mode(grid, x, y)));
    return largest;
}

static int number(const char *text, int most)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno || *end || value < 1 || value > most) {
        fprintf(stderr, "usage: jacobi [size of the grid, default %d] [iterations, default %d]\n", DEFAULT_SIZE,
                DEFAULT_ITERATIONS);
        exit(2);
    }
    return (int)value;
}

int main(int argc, char **argv)
{
    int size = argc > 1 ? number(argv[1], 30000) : DEFAULT_SIZE;
    int iterations = argc > 2 ? number(argv[2], 1000000) : DEFAULT_ITERATIONS;
    struct grid now = new_grid(size), next = new_grid(size);
    double residual = 0;

#pragma omp parallel for
    for (int y = 1; y <= size; y++)
        for (int x = 1; x <= size; x++)
            row(&now, y)[x] = mode(&now, x, y);
    double start = omp_get_wtime();
    for (int i = 0; i < iterations; i++) {
        residual = sweep(&now, &next);
        struct grid swap = now;
        now = next;
        next = swap;
    }
    double seconds = omp_get_wtime() - start;
    double wrong = error(&now, pow(cos(acos(-1.0) / (size + 1)), iterations));

    printf("threads: %d\n", omp_get_max_threads());
    printf("grid: %d x %d\niterations: %d\nresidual: %.6e\n", size, size, iterations, residual);
    printf("time: %.3f s, %.1f million points a second\n", seconds, 1e-6 * size * size * iterations / seconds);
    printf("error: %.1e, %s\n", wrong, wrong <= tolerance ? "right" : "wrong");
    return wrong <= tolerance ? 0 : 1;
}
