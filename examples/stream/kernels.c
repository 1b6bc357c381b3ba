// The four kernels: what STREAM times, each on all cores.
// SPDX-License-Identifier: BSD-3-Clause
#include "stream.h"

void kernel_copy(double *restrict c, const double *restrict a, size_t count)
{
#pragma omp parallel for simd schedule(static)
    for (size_t i = 0; i < count; i++)
        c[i] = a[i];
}

void kernel_scale(double *restrict b, const double *restrict c, double scalar, size_t count)
{
#pragma omp parallel for simd schedule(static)
    for (size_t i = 0; i < count; i++)
        b[i] = scalar * c[i];
}

void kernel_add(double *restrict c, const double *restrict a, const double *restrict b, size_t count)
{
#pragma omp parallel for simd schedule(static)
    for (size_t i = 0; i < count; i++)
        c[i] = a[i] + b[i];
}

void kernel_triad(double *restrict a, const double *restrict b, const double *restrict c, double scalar, size_t count)
{
#pragma omp parallel for simd schedule(static)
    for (size_t i = 0; i < count; i++)
        a[i] = b[i] + scalar * c[i];
}
