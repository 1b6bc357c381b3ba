// When main begins, as the clocks say; then waits for the end of stdin, so that one can look at the process that runs it.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <time.h>

static double milliseconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

int main(void)
{
    double monotonic = milliseconds(CLOCK_MONOTONIC), realtime = milliseconds(CLOCK_REALTIME);

    printf("monotonic: %.6f\nrealtime: %.6f\n", monotonic, realtime);
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}
