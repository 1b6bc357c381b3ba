// malloc's family in one thread: contents, alignment, limits, what comes back; and misuse, which is found and named.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int failures;

// What the compiler cannot see through: it knows malloc, and would leave out what no one uses.
static void *(*volatile allocate)(size_t) = malloc;
static void *(*volatile resize)(void *, size_t) = realloc;
static void *(*volatile clear)(size_t, size_t) = calloc;
static void *(*volatile resize_array)(void *, size_t, size_t) = reallocarray;
static void (*volatile release)(void *) = free;

static void check(const char *what, int holds)
{
    if (!holds) {
        printf("FAILED: %s (errno %d)\n", what, errno);
        failures++;
    }
}

static int holds_only(const unsigned char *block, unsigned char value, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (block[i] != value)
            return 0;
    return 1;
}

static unsigned random_below(unsigned limit)
{
    static unsigned state = 1;
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % limit;
}

// Every size up to some bound, all at the same time: none overlaps another.
static void every_size(void)
{
    enum { SIZES = 3000 };
    static unsigned char *blocks[SIZES];
    int good = 1;

    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < SIZES; i++) {
            blocks[i] = allocate(i);
            good &= blocks[i] && (uintptr_t)blocks[i] % 16 == 0 && malloc_usable_size(blocks[i]) >= i;
            memset(blocks[i], (int)i, malloc_usable_size(blocks[i]));
        }
        for (size_t i = 0; i < SIZES; i++)
            good &= holds_only(blocks[i], (unsigned char)i, malloc_usable_size(blocks[i]));
        for (size_t i = 0; i < SIZES; i++)
            release(blocks[(i * 7 + (size_t)round) % SIZES]);
    }
    check("every size up to 3000, filled to the brim", good);
}

// Any order of calls: what is in a block stays there.
static void any_order(void)
{
    enum { SLOTS = 1000 };
    static struct { unsigned char *block; size_t len; unsigned char value; } slots[SLOTS];
    int good = 1;

    for (int i = 0; i < 200000; i++) {
        unsigned slot = random_below(SLOTS), kind = random_below(4);
        size_t len = random_below(random_below(100) ? 600 : 40000), before = slots[slot].len;
        good &= holds_only(slots[slot].block, slots[slot].value, before);
        if (kind == 0) {
            slots[slot].block = resize(slots[slot].block, len);
            good &= holds_only(slots[slot].block, slots[slot].value, len < before ? len : before);
        } else {
            release(slots[slot].block);
            slots[slot].block = kind == 1 ? clear(1, len) : kind == 2 ? allocate(len) : memalign(256, len);
            good &= kind != 1 || holds_only(slots[slot].block, 0, len);
        }
        slots[slot].len = len;
        slots[slot].value = (unsigned char)i;
        memset(slots[slot].block, slots[slot].value, len);
    }
    for (int slot = 0; slot < SLOTS; slot++)
        release(slots[slot].block);
    check("200000 calls in any order", good);
}

static void alignments(void)
{
    void *block;
    int good = 1;

    for (size_t alignment = 16; alignment <= 1 << 16; alignment *= 2) {
        block = memalign(alignment, 100);
        good &= block && (uintptr_t)block % alignment == 0;
        release(block);
        block = aligned_alloc(alignment, alignment);
        good &= block && (uintptr_t)block % alignment == 0;
        release(block);
        good &= posix_memalign(&block, alignment, 1) == 0 && (uintptr_t)block % alignment == 0;
        release(block);
    }
    check("alignments up to 64 KiB", good);
    check("posix_memalign refuses 24", posix_memalign(&block, 24, 1) == EINVAL);
    block = valloc(1);
    check("valloc", block && (uintptr_t)block % 4096 == 0);
    release(block);
    block = pvalloc(1);
    check("pvalloc", block && (uintptr_t)block % 4096 == 0 && malloc_usable_size(block) >= 4096);
    cfree(block);
}

static int refused(void *block)
{
    int no_memory = block == NULL && errno == ENOMEM;
    release(block);
    errno = 0;
    return no_memory;
}

static void limits(void)
{
    char *block = allocate(10);

    strcpy(block, "content");
    check("malloc of everything", refused(allocate(SIZE_MAX)) && refused(allocate(PTRDIFF_MAX)) && refused(allocate((size_t)1 << 40)));
    check("calloc of a product that overflows", refused(clear((size_t)1 << 33, (size_t)1 << 33)) && refused(clear(SIZE_MAX, 2)));
    check("realloc of everything", refused(resize(block, SIZE_MAX)) && refused(resize(block, (size_t)1 << 40)));
    check("reallocarray that overflows", refused(resize_array(block, SIZE_MAX / 2, 3)));
    check("memalign of everything", refused(memalign(4096, SIZE_MAX)) && refused(memalign(SIZE_MAX, 1)) && refused(pvalloc(SIZE_MAX)));
    check("the block that was to grow is unharmed", strcmp(block, "content") == 0);
    block = resize(block, 5000);
    check("and can still grow", block && strcmp(block, "content") == 0);
    block = resize(block, 8);
    check("and shrink", block && strcmp(block, "content") == 0 && malloc_usable_size(block) < 1000);
    release(block);
    release(NULL);
}

// All that is given back can be had again, in other pieces and as a mapping.
static void comes_back(void)
{
    size_t used = mallinfo().uordblks, count = 0, most = 0, len = 1 << 20;
    void *list = NULL, *block;

    for (size_t i = 0; (block = allocate(16 + i % 700)) != NULL; i++, count++) {
        *(void **)block = list;
        list = block;
    }
    check("memory that is used up is ENOMEM", errno == ENOMEM && count > 10000);
    for (; list != NULL; list = block) {
        block = *(void **)list;
        release(list);
    }
    while ((block = allocate(len)) != NULL) {
        release(block);
        most = len;
        len += 1 << 20;
    }
    check("as one block afterwards", most > count * 300);
    block = mmap(NULL, most / 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check("as a mapping", block != MAP_FAILED && munmap(block, most / 2) == 0);
    check("nothing is lost", mallinfo().uordblks == used);
    malloc_trim(0);
    check("and the heap can be trimmed", mallinfo().arena < 1 << 20);
}

static void misuse(const char *how)
{
    char *small = allocate(100), *other = allocate(100), *large = allocate(100000);

    memset(small, 0, 100);
    if (strcmp(how, "twice") == 0) {
        release(small);
        release(other);
        release(small);
    } else if (strcmp(how, "twice-large") == 0) {
        other = allocate(5000); // else the first free() joins it with the rest of the heap
        release(large);
        release(large);
    } else if (strcmp(how, "stack") == 0) {
        release(&small);
    } else if (strcmp(how, "inside") == 0) {
        release(small + 8);
    } else if (strcmp(how, "middle") == 0) {
        release(small + 32);
    } else if (strcmp(how, "resize") == 0) {
        release(small);
        small = resize(small, 200);
    } else if (strcmp(how, "before") == 0) {
        memset(small - 8, 0xff, 8);
        release(small);
    }
    printf("%s was not found\n", how);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        misuse(argv[1]);
        return 0;
    }
    every_size();
    any_order();
    alignments();
    limits();
    comes_back();
    comes_back();
    printf("%d failures\n", failures);
    return failures != 0;
}
