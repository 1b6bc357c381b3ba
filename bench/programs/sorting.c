// qsort and bsearch of integers, numbers, records and strings; malloc and free of mixed sizes.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "figure.h"

enum { MANY = 10000, FEW = 16, BLOCKS = 1024 };

struct record {
    int key;
    char rest[28];
};

static int integers[MANY], sorted_integers[MANY];
static double numbers[MANY];
static struct record records[MANY];
static const char *strings[MANY];
static char texts[MANY][12];
static union {
    int integers[MANY];
    double numbers[MANY];
    struct record records[MANY];
    const char *strings[MANY];
} work_area;
static void *blocks[BLOCKS];
static volatile size_t sink;

static int by_integer(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_string(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

// One call: copy and sort anew; the copy is small beside it.
#define SORT(name, array, count, order)                                                                                          \
    static void name(void *data, size_t calls)                                                                                   \
    {                                                                                                                            \
        (void)data;                                                                                                              \
        while (calls--) {                                                                                                        \
            memcpy(&work_area, array, (count) * sizeof *array);                                                                  \
            qsort(&work_area, count, sizeof *array, order);                                                                      \
        }                                                                                                                        \
    }

SORT(sort_integers, integers, MANY, by_integer)
SORT(sort_few, integers, FEW, by_integer)
SORT(sort_sorted, sorted_integers, MANY, by_integer)
SORT(sort_numbers, numbers, MANY, by_number)
SORT(sort_records, records, MANY, by_integer)
SORT(sort_strings, strings, MANY, by_string)

static void searching(void *data, size_t calls)
{
    (void)data;
    for (size_t i = 0; i < calls; i++)
        sink = (size_t)bsearch(&integers[i % MANY], sorted_integers, MANY, sizeof(int), by_integer);
}

// As a program with lists and strings does: sizes mixed, freed in another order than allocated.
static void allocations(void *data, size_t calls)
{
    size_t most = *(size_t *)data;
    for (size_t i = 0; i < calls; i++) {
        size_t at = (size_t)integers[i % MANY] % BLOCKS;
        free(blocks[at]);
        blocks[at] = malloc(1 + (size_t)integers[(i + 1) % MANY] % most);
    }
}

static void growing(void *data, size_t calls)
{
    (void)data;
    while (calls--) {
        char *block = NULL;
        for (size_t size = 16; size <= 4096; size += size / 2)
            block = realloc(block, size);
        free(block);
    }
}

static void clearing(void *data, size_t calls)
{
    (void)data;
    while (calls--) {
        void *block = calloc(16, 8);
        sink = (size_t)block;
        free(block);
    }
}

int main(void)
{
    size_t small = 128, large = 8192;
    unsigned seed = 1;
    for (int i = 0; i < MANY; i++) {
        seed = seed * 1103515245 + 12345;
        integers[i] = sorted_integers[i] = (int)(seed >> 8);
        numbers[i] = integers[i] * 0.1;
        records[i].key = integers[i];
        snprintf(texts[i], sizeof texts[i], "%d", integers[i]);
        strings[i] = texts[i];
    }
    qsort(sorted_integers, MANY, sizeof(int), by_integer);
    figure("qsort-ints", sort_integers, NULL);
    figure("qsort-16-ints", sort_few, NULL);
    figure("qsort-sorted", sort_sorted, NULL);
    figure("qsort-doubles", sort_numbers, NULL);
    figure("qsort-structs", sort_records, NULL);
    figure("qsort-strings", sort_strings, NULL);
    figure("bsearch", searching, NULL);
    figure("malloc-mix-128", allocations, &small);
    figure("malloc-mix-8192", allocations, &large);
    figure("realloc", growing, NULL);
    figure("calloc-128", clearing, NULL);
    return 0;
}
