// qsort: every size of element, stable, and in place when no memory is left.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 3000

static uint32_t state = 1;
static int failures;

static uint32_t draw(void)
{
    state = state * 1664525 + 1013904223;
    return state >> 8;
}

// The first byte is the key, the others tell where the element was.
static int by_key(const void *a, const void *b)
{
    return *(const unsigned char *)a - *(const unsigned char *)b;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void stable(size_t size, size_t n)
{
    unsigned char *array = malloc(size * n + 1);
    size_t counts[256] = {0};
    for (size_t i = 0; i < n; i++) {
        memset(array + i * size, 0, size);
        array[i * size] = (unsigned char)(draw() % 50);
        counts[array[i * size]]++;
        if (size >= 4)
            memcpy(array + i * size + 1, &(uint16_t){(uint16_t)i}, 2);
    }
    qsort(array, n, size, by_key);
    for (size_t i = 0; i < n; i++) {
        counts[array[i * size]]--;
        uint16_t was = 0, next = 0;
        if (i + 1 == n)
            continue;
        if (size >= 4) {
            memcpy(&was, array + i * size + 1, 2);
            memcpy(&next, array + (i + 1) * size + 1, 2);
        }
        int order = by_key(array + i * size, array + (i + 1) * size);
        if (order > 0 || (order == 0 && size >= 4 && was > next)) {
            printf("FAILED: %zu elements of %zu bytes at %zu\n", n, size, i);
            failures++;
            break;
        }
    }
    for (int key = 0; key < 256; key++)
        failures += counts[key] != 0;
    free(array);
}

static void numbers(const char *what, double *array, size_t n, int pattern)
{
    double sum = 0, after = 0;
    for (size_t i = 0; i < n; i++) {
        array[i] = pattern == 0 ? (double)draw() : pattern == 1 ? (double)i : pattern == 2 ? (double)(n - i) : 7.0;
        sum += array[i];
    }
    qsort(array, n, sizeof *array, by_value);
    for (size_t i = 0; i < n; i++) {
        after += array[i];
        if (i && array[i - 1] > array[i])
            failures++;
    }
    if (failures || sum != after)
        printf("FAILED: %s, pattern %d\n", what, pattern);
    failures += sum != after;
}

int main(void)
{
    static const size_t sizes[] = {1, 2, 3, 4, 8, 12, 16, 40, 200};
    double *array = malloc(20000 * sizeof *array);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t n = 0; n < MOST; n = n < 20 ? n + 1 : n * 3)
            stable(sizes[i], n);
    for (int pattern = 0; pattern < 4; pattern++)
        numbers("with memory", array, 20000, pattern);
    for (size_t size = 1 << 16; size >= 16; size /= 2)
        while (malloc(size))
            ;
    for (int pattern = 0; pattern < 4; pattern++)
        numbers("without memory", array, 20000, pattern);
    printf("\n%d failures\n", failures);
    return failures != 0;
}
