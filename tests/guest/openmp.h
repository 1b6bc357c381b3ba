// What the OpenMP tests share: checks that any thread may make, and the line that the test looks for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stdio.h>

static int failures;

static inline void check(const char *what, int holds)
{
    if (!holds) {
        printf("FAILED: %s\n", what);
#pragma omp atomic
        failures++;
    }
}

static inline int verdict(void)
{
    printf("%d failures\n", failures);
    return failures != 0;
}
