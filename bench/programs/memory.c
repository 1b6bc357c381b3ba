// memcpy, memmove (overlapping, both ways) and memset from 16 bytes to 64 MiB.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include "figure.h"

static const size_t largest = (size_t)64 << 20;
static const size_t sizes[] = {16, 64, 256, 1 << 10, 4 << 10, 64 << 10, 1 << 20, 4 << 20, 64 << 20};

struct block {
    char *to, *from;
    size_t size;
};

// By volatile pointers: the compiler can neither expand the calls nor drop them.
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static void *(*volatile set)(void *, int, size_t) = memset;

static void copying(void *data, size_t calls)
{
    const struct block *block = data;
    while (calls--)
        copy(block->to, block->from, block->size);
}

static void moving(void *data, size_t calls)
{
    const struct block *block = data;
    while (calls--)
        move(block->to, block->from, block->size);
}

static void setting(void *data, size_t calls)
{
    const struct block *block = data;
    while (calls--)
        set(block->to, 1, block->size);
}

static void print(const char *name, size_t size, work *function, char *to, char *from)
{
    struct block block = {to, from, size};
    char title[64];

    if (size < 1 << 10)
        snprintf(title, sizeof title, "%s-%zu", name, size);
    else if (size < 1 << 20)
        snprintf(title, sizeof title, "%s-%zuK", name, size >> 10);
    else
        snprintf(title, sizeof title, "%s-%zuM", name, size >> 20);
    figure(title, function, &block);
}

int main(void)
{
    // One page more than is used: memmove's overlapping moves begin 256 bytes apart.
    char *one = aligned_alloc(4096, largest + 4096), *other = aligned_alloc(4096, largest + 4096);

    if (!one || !other) {
        fputs("memory: out of memory\n", stderr);
        return 1;
    }
    memset(one, 1, largest + 4096);
    memset(other, 2, largest + 4096);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        print("memcpy", sizes[i], copying, one, other);
        print("memmove-down", sizes[i], moving, one, one + 256);
        print("memmove-up", sizes[i], moving, one + 256, one);
        print("memset", sizes[i], setting, one, NULL);
    }
    return 0;
}
