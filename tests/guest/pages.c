// The nub's page-table code against a model: random maps, unmaps and changes of rights in a window of its own, of pages small and large.
// SPDX-License-Identifier: BSD-3-Clause
#include <hermit/syscalls.h>
#include <stdio.h>
#include <stdlib.h>

#include "gate.h"

enum { READ = 1, WRITE = 2, PAGE = 4096, PAGES = 2048, LARGE = 512 };

// kernel/abi/src/boot.rs: where the regions stand in the boot info
struct region {
    long va, pa, len;
};
enum { BOOT_REGIONS = 416, BOOT_REGION_COUNT = 608 };

static const long window = 1L << 45;

// Page n of the window shows frame `frame` (-1: nothing) with these rights (0: kept, but not to be read).
static struct page {
    int frame;
    int rights;
} model[PAGES];

static gate_function *gate;
static unsigned long seed = 1;

static unsigned draw(unsigned below)
{
    seed = seed * 6364136223846793005UL + 1442695040888963407UL;
    return (unsigned)(seed >> 33) % below;
}

static long physical(long va)
{
    const char *info;
    __asm__("mov %%gs:136, %0" : "=r"(info));
    const struct region *regions = (const struct region *)(info + BOOT_REGIONS);

    for (long i = 0; i < *(const long *)(info + BOOT_REGION_COUNT); i++)
        if (va >= regions[i].va && va < regions[i].va + regions[i].len)
            return regions[i].pa + va - regions[i].va;
    return -1;
}

static int map(long frames, unsigned page, unsigned frame, unsigned count, int rights)
{
    for (unsigned i = 0; i < count; i++)
        model[page + i] = rights ? (struct page){(int)(frame + i), rights} : (struct page){-1, 0};
    return gate(window + (long)page * PAGE, frames + (long)frame * PAGE, count, rights, GATE_MAP) != 0;
}

// Stops at the first page that shows nothing.
static int protect(unsigned page, unsigned count, int rights)
{
    long expected = 0;

    for (unsigned i = 0; i < count && !expected; i++) {
        if (model[page + i].frame < 0)
            expected = -1;
        else
            model[page + i].rights = rights;
    }
    return gate(window + (long)page * PAGE, 0, count, rights, GATE_PROTECT) != expected;
}

// Large pages are worth a third of all steps, whole ones on purpose.
static int step(long frames)
{
    unsigned count = draw(3) ? 1 + draw(20) : LARGE * (1 + draw(2));
    unsigned page = draw(PAGES - count + 1), frame = draw(PAGES - count + 1);

    if (count >= LARGE && draw(2)) {
        page &= -LARGE;
        frame &= -LARGE;
    }
    switch (draw(4)) {
    case 0:
        return map(frames, page, frame, count, 0);
    case 1:
        return protect(page, count, (int[]){0, READ, READ | WRITE}[draw(3)]);
    default:
        return map(frames, page, frame, count, draw(2) ? READ : READ | WRITE);
    }
}

static int differs(void)
{
    for (unsigned page = 0; page < PAGES; page++) {
        volatile long *p = (volatile long *)(window + (long)page * PAGE);
        if (model[page].rights & READ && *p != model[page].frame)
            return 1;
        if (model[page].rights & WRITE)
            *p = model[page].frame;
    }
    return 0;
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 100, wrong = 0;
    char *memory = sys_mmap(NULL, (long)PAGES * PAGE, READ | WRITE, 0x1002, -1, 0);
    long frames = physical((long)memory);

    gate = find_gate();
    for (int i = 0; i < PAGES; i++) {
        *(long *)(memory + (long)i * PAGE) = i;
        model[i] = (struct page){-1, 0};
    }
    printf("large pages: %s\n", frames % (LARGE * PAGE) == 0 ? "yes" : "NO");
    for (long round = 0; round < rounds; round++)
        wrong += step(frames) || differs();
    printf("%ld steps wrong\n", wrong);
    return wrong != 0;
}
