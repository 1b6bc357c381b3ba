// The string functions against byte loops: every size class, every alignment, overlap, and ends at unmapped pages.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // strchrnul
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

#define PAGE 4096
#define ROOM (192 * 1024)
#define MARGIN 64

static unsigned char *low, *high, *model; // usable memory between two unmapped pages, and a copy of it
static const volatile size_t unlimited = SIZE_MAX;
static uint64_t state = 88172645463325252u;

static uint32_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20);
}

static void fail(const char *what, size_t n, size_t from, size_t to)
{
    printf("FAILED %s: %zu bytes from %zu to %zu\n", what, n, from, to);
    exit(1);
}

// Compare memory and model around two blocks.
static void same(const char *what, size_t n, size_t from, size_t to)
{
    size_t size = high - low, begin = from < to ? from : to, end = (from > to ? from : to) + n + MARGIN;
    begin = begin > MARGIN ? begin - MARGIN : 0;
    for (size_t i = begin; i < end && i < size; i++)
        if (low[i] != model[i])
            fail(what, n, from, to);
}

static size_t place(size_t n, size_t other)
{
    size_t last = high - low - n;
    switch (draw() % 4) {
    case 0:
        return 0;
    case 1:
        return last;
    case 2:
        other += draw() % 600;
        return other < 300 || other - 300 > last ? 0 : other - 300; // likely to overlap
    default:
        return draw() % (last + 1);
    }
}

static void moving(int round)
{
    size_t n = draw() % (round % 50 == 0 ? 60000 : round % 7 == 0 ? 5000 : 300);
    size_t from = place(n, draw() % 1000), to = place(n, from), apart = from > to ? from - to : to - from;
    for (size_t i = 0; i < n; i++)
        model[from + i] = low[from + i] = (unsigned char)draw();
    unsigned char *copy = malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        copy[i] = model[from + i];
    for (size_t i = 0; i < n; i++)
        model[to + i] = copy[i];
    free(copy);
    int together = apart < n || round % 2;
    if ((together ? memmove(low + to, low + from, n) : memcpy(low + to, low + from, n)) != low + to)
        fail("result", n, from, to);
    same(together ? "memmove" : "memcpy", n, from, to);
    int byte = (int)draw();
    if (memset(low + to, byte, n) != low + to)
        fail("result of memset", n, 0, to);
    for (size_t i = 0; i < n; i++)
        model[to + i] = (unsigned char)byte;
    same("memset", n, to, to);
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static void comparing(const char *a, size_t n)
{
    char *b = (char *)low + ROOM / 2 - draw() % (n + 64); // ends or begins near a page's end
    memcpy(b, a, n + 1);
    if (strcmp(a, b) || memcmp(a, b, n + 1) || bcmp(a, b, n + 1))
        fail("equal strings", n, 0, 0);
    if (n == 0)
        return;
    size_t at = draw() % n, first = 0;
    b[at] = (char)(b[at] ^ (1 + draw() % 255));
    while (a[first] == b[first] && a[first])
        first++;
    int wanted = (unsigned char)a[first] - (unsigned char)b[first];
    if (sign(strcmp(a, b)) != sign(wanted) || sign(strcmp(b, a)) != -sign(wanted))
        fail("strcmp", n, at, 0);
    if (sign(memcmp(a, b, n)) != sign((unsigned char)a[at] - (unsigned char)b[at]) || !bcmp(a, b, n))
        fail("memcmp", n, at, 0);
}

static void searching(int round)
{
    size_t n = draw() % (round % 20 ? 200 : 3000), limit = draw() % (n + 2);
    char *s = round % 2 ? (char *)high - n - 1 : (char *)low + draw() % 300, *first = NULL, *early = NULL;
    int byte = (int)(draw() & 255);
    for (size_t i = 0; i < n; i++)
        s[i] = (char)(1 + draw() % 255);
    s[n] = 0;
    for (size_t i = 0; i <= n && !first; i++)
        if ((unsigned char)s[i] == byte)
            first = s + i;
    if (first && (size_t)(first - s) < limit)
        early = first;
    if (strlen(s) != n)
        fail("strlen", n, 0, 0);
    if (strchr(s, byte) != first || strchrnul(s, byte) != (first ? first : s + n))
        fail("strchr", n, 0, 0);
    if (memchr(s, byte, limit) != early || memchr(s, 0, unlimited) != s + n)
        fail("memchr", n, limit, 0);
    comparing(s, n);
}

// Blocks beyond the caches, which are written past them.
static void large(void)
{
    size_t size = 13 << 20;
    unsigned char *a = malloc(size + 256), *b = calloc(1, size + 256);
    for (size_t i = 0; i < size + 256; i++)
        a[i] = (unsigned char)(i * 7 + (i >> 9));
    for (size_t offset = 0; offset < 128; offset += 31) {
        size_t n = size - offset * 3;
        memcpy(b + 64 + offset, a + offset / 2, n);
        for (size_t i = 0; i < n; i++)
            if (b[64 + offset + i] != a[offset / 2 + i])
                fail("large memcpy", n, offset, i);
    }
}

int main(void)
{
    unsigned char *memory = mmap(NULL, ROOM + 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, PAGE, PROT_NONE) || mprotect(memory + PAGE + ROOM, PAGE, PROT_NONE)) {
        perror("memory");
        return 1;
    }
    low = memory + PAGE;
    high = low + ROOM;
    model = calloc(1, ROOM);
    for (int round = 0; round < 8000; round++)
        moving(round);
    for (int round = 0; round < 8000; round++)
        searching(round);
    large();
    puts("string: all as by bytes");
    return 0;
}
