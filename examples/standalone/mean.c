// Means of numbers.
// SPDX-License-Identifier: BSD-3-Clause
#include "mean.h"

#include <math.h>

double mean(const double *numbers, int count)
{
    double sum = 0;

    for (int i = 0; i < count; i++)
        sum += numbers[i];
    return sum / count;
}

double geometric_mean(const double *numbers, int count)
{
    double sum = 0;

    for (int i = 0; i < count; i++)
        sum += log(numbers[i]);
    return exp(sum / count);
}
