// With more than 3 GiB the memory has a hole; an array may span it all the same. Touches a byte per large page.
// SPDX-License-Identifier: BSD-3-Clause
#include <hermit/syscalls.h>
#include <stdio.h>
#include <stdlib.h>

#define STEP (64L << 20)

int main(void)
{
    long len = 5L << 30, failures = 0;
    volatile char *array = malloc(len);

    if (!array) {
        puts("no array");
        return 1;
    }
    for (long i = 0; i < len; i += STEP)
        array[i] = (char)(i / STEP);
    for (long i = 0; i < len; i += STEP)
        failures += array[i] != (char)(i / STEP);
    printf("one array of %ld MiB\n%ld failures\n", len >> 20, failures);
    return failures != 0;
}
