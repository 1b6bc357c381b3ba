// System calls that programs make often: what one costs.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <unistd.h>

#include "figure.h"

static void *(*volatile allocate)(size_t) = malloc;

static void clock_call(void *data, size_t calls)
{
    struct timespec now;
    (void)data;
    while (calls--)
        clock_gettime(CLOCK_MONOTONIC, &now);
}

static void pid_call(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        getpid();
}

static void malloc_call(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        free(allocate(64));
}

int main(void)
{
    figure("clock_gettime", clock_call, NULL);
    figure("getpid", pid_call, NULL);
    figure("malloc-free-64", malloc_call, NULL);
    return 0;
}
