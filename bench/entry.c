// Prints the microseconds since the guest was entered (CLOCK_MONOTONIC starts there), then waits for the end of stdin.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <time.h>

int main(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    printf("%.1f\n", 1e6 * (double)time.tv_sec + 1e-3 * (double)time.tv_nsec);
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}
