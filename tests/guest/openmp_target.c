// A `target` region runs on the host's threads: there is no accelerator, and gcc must not prepare for one.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>

enum { COUNT = 1024 };

int main(void)
{
    int counted = 0, square[COUNT] = {0}, wrong = 0;
#pragma omp target teams distribute parallel for simd map(tofrom : counted) shared(counted) num_teams(8) num_threads(8)
    for (int i = 0; i < COUNT; i++) {
#pragma omp atomic update
        counted += 1;
    }
#pragma omp target map(from : square)
    for (int i = 0; i < COUNT; i++)
        square[i] = i * i;
    for (int i = 0; i < COUNT; i++)
        wrong += square[i] != i * i;
    printf("%d counted, %d wrong\n", counted, wrong);
    return 0;
}
