// The four kernels of STREAM, their names and counts, and what is printed about them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stddef.h>

enum kernel { COPY, SCALE, ADD, TRIAD, KERNELS };

// Each kernel is run this often; the first time is not counted (it pays for page faults and cold caches).
enum { NTIMES = 10 };

// The values of every element at the start, and the factor of Scale and Triad.
#define START_A 1.0
#define START_B 2.0
#define START_C 0.0
#define SCALAR 3.0

struct arrays {
    double *a, *b, *c;
    size_t count; // elements of each
};

// kernels.c: out of line and in a file of their own, so that no compiler sees what the others leave unread.
void kernel_copy(double *restrict c, const double *restrict a, size_t count);
void kernel_scale(double *restrict b, const double *restrict c, double scalar, size_t count);
void kernel_add(double *restrict c, const double *restrict a, const double *restrict b, size_t count);
void kernel_triad(double *restrict a, const double *restrict b, const double *restrict c, double scalar, size_t count);

// report.c
void print_header(const struct arrays *arrays, double tick, int threads);
void print_table(double times[KERNELS][NTIMES], size_t count);
// 0 if all three arrays hold what NTIMES rounds leave in them, else the number of arrays that do not.
int validate(const struct arrays *arrays);
