// Stacks of changing sizes, each time as many as the memory holds: what one size has used serves the next, for ever.
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <stdio.h>

enum { ROUNDS = 4, MOST = 250 };

static int failures;
static pthread_barrier_t all;

static void *touch(void *size)
{
    volatile char place[4096];
    place[0] = 1;
    pthread_barrier_wait(&all);
    return size;
}

static void crowd(int count, size_t size)
{
    pthread_t threads[MOST];
    pthread_attr_t attr;
    int made = 0;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, size);
    pthread_barrier_init(&all, NULL, count + 1);
    while (made < count && pthread_create(&threads[made], &attr, touch, NULL) == 0)
        made++;
    if (made < count) {
        printf("FAILED: thread %d of %d with %zu KiB\n", made, count, size >> 10);
        failures++;
        return;
    }
    pthread_barrier_wait(&all);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    for (int round = 0; round < ROUNDS && !failures; round++) {
        crowd(MOST, 128 << 10);
        crowd(20, 1900 << 10);
    }
    printf("%d failures\n", failures);
    return failures;
}
