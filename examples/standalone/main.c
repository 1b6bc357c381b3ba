// Prints the means of its arguments.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>

#include "mean.h"

enum { MOST = 100 };

int main(int argc, char **argv)
{
    double numbers[MOST];
    int count = argc - 1 < MOST ? argc - 1 : MOST;

    if (count == 0) {
        fprintf(stderr, "numbers are missing\n");
        return 2;
    }
    for (int i = 0; i < count; i++)
        numbers[i] = strtod(argv[i + 1], NULL);
    printf("mean %.3f, geometric %.3f\n", mean(numbers, count), geometric_mean(numbers, count));
    return 0;
}
