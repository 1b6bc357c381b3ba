// The string functions that search, compare and copy up to a string's end, against byte loops: with the vectors this CPU
// has and with SSE2's, every alignment, and strings that end or begin at unmapped pages.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // memrchr, rawmemchr
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>

enum { PAGE = 4096, ROOM = 4 * PAGE, ROUNDS = 12000 };

extern uint32_t hermit_cpu_features; // what the functions choose by

static const volatile size_t unlimited = SIZE_MAX;
static char *left, *right, *target; // ROOM bytes each, between unmapped pages
static uint64_t state = 88172645463325252u;

static uint32_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20);
}

static char *guarded(void)
{
    char *memory = mmap(NULL, ROOM + 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED || mprotect(memory, PAGE, PROT_NONE) || mprotect(memory + PAGE + ROOM, PAGE, PROT_NONE)) {
        perror("memory");
        exit(1);
    }
    return memory + PAGE;
}

static void check(const char *what, int holds, size_t n, size_t limit)
{
    if (holds)
        return;
    printf("FAILED %s: %zu bytes, limit %zu, features %x\n", what, n, limit, (unsigned)hermit_cpu_features);
    exit(1);
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

// Where n + 1 bytes lie: at the area's end, its begin, or anywhere.
static char *place(char *area, size_t n)
{
    switch (draw() % 4) {
    case 0:
        return area + draw() % 40;
    case 1:
        return area + draw() % (ROOM - n);
    default:
        return area + ROOM - n - 1 - (draw() % 2 ? draw() % 40 : 0);
    }
}

static size_t length(void)
{
    size_t most = draw() % 20 == 0 ? 3000 : draw() % 3 ? 40 : 300;
    return draw() % most;
}

// Letters of both cases mostly, few enough that searches succeed.
static char *text(char *area, size_t n)
{
    char *s = place(area, n + 40);
    if (s + n + 40 == area + ROOM - 1)
        s += 40;
    unsigned kinds = draw() % 4;
    for (size_t i = 0; i < n; i++)
        s[i] = kinds == 0 ? (char)(1 + draw() % 255) : (char)((draw() % 2 ? 'a' : 'A') + draw() % (kinds == 1 ? 2 : 26));
    s[n] = 0;
    return s;
}

static int order(const char *a, const char *b, size_t n, int fold)
{
    for (size_t i = 0; i < n; i++) {
        int x = (unsigned char)a[i], y = (unsigned char)b[i];
        if (fold)
            x = tolower(x), y = tolower(y);
        if (x != y || x == 0)
            return x - y;
    }
    return 0;
}

static void comparing(void)
{
    size_t n = length(), limit = draw() % (n + 3);
    char *a = text(left, n), *b = place(right, n);
    memcpy(b, a, n + 1);
    if (draw() % 4 == 0)
        for (size_t i = 0; i < n; i++)
            b[i] = (char)(draw() % 2 ? toupper((unsigned char)b[i]) : tolower((unsigned char)b[i]));
    if (n && draw() % 2)
        b[draw() % n] ^= (char)(1u << draw() % 8);
    check("strcmp", sign(strcmp(a, b)) == sign(order(a, b, SIZE_MAX, 0)), n, 0);
    check("strncmp", sign(strncmp(a, b, limit)) == sign(order(a, b, limit, 0)), n, limit);
    check("strcasecmp", sign(strcasecmp(a, b)) == sign(order(a, b, SIZE_MAX, 1)), n, 0);
    check("strncasecmp", sign(strncasecmp(a, b, limit)) == sign(order(a, b, limit, 1)), n, limit);
    check("memcmp", sign(memcmp(a, b, n)) == -sign(memcmp(b, a, n)), n, 0);
    // bytes without an end, up to the unmapped page
    char *open = left + ROOM - n, *same = right + ROOM - n;
    memset(open, 'x', n);
    memset(same, 'x', n);
    check("strncmp at the end", strncmp(open, same, n) == 0 && strncasecmp(open, same, n) == 0, n, n);
    check("memcmp at the end", memcmp(open, same, n) == 0, n, n);
    check("strnlen at the end", strnlen(open, n) == n && !memchr(open, 'y', n) && !memrchr(open, 'y', n), n, n);
    check("strncpy at the end", strncpy(right, open, n) == right && !memcmp(right, open, n), n, n);
}

static void searching(void)
{
    size_t n = length(), limit = draw() % (n + 3), first = 0, last = SIZE_MAX, within = SIZE_MAX;
    char *s = text(left, n);
    int byte = draw() % 3 ? "aAbB"[draw() % 4] : (int)(draw() & 255);
    for (size_t i = 0; i <= n; i++) {
        if ((unsigned char)s[i] == byte)
            last = i;
        if ((unsigned char)s[i] == byte && i < limit)
            within = i;
    }
    while (s[first] && (unsigned char)s[first] != byte)
        first++;
    check("strrchr", strrchr(s, byte) == (last == SIZE_MAX ? NULL : s + last), n, 0);
    limit = limit < n + 1 ? limit : n + 1;
    check("memrchr", memrchr(s, byte, limit) == (within == SIZE_MAX ? NULL : s + within), n, limit);
    check("strnlen", strnlen(s, limit) == (n < limit ? n : limit) && strnlen(s, unlimited) == n, n, limit);
    if (last != SIZE_MAX)
        check("rawmemchr", rawmemchr(s, byte) == s + first, n, 0);
    char *needle = text(right, draw() % (n < 6 ? n + 2 : draw() % 2 ? 6 : n));
    if (n && draw() % 2) { // one that is there
        size_t from = draw() % n;
        memmove(needle, s + from, strlen(needle) < n - from ? strlen(needle) : n - from);
    }
    const char *found = NULL;
    for (size_t i = 0, m = strlen(needle); i + m <= n && !found; i++)
        if (memcmp(s + i, needle, m) == 0)
            found = s + i;
    check("strstr", strstr(s, needle) == found, n, strlen(needle));
}

static void sets(void)
{
    size_t n = length(), with = 0, without = 0;
    char *s = text(left, n), *set = text(right, draw() % (draw() % 2 ? 5 : 40));
    while (s[with] && strchr(set, s[with]))
        with++;
    while (s[without] && !strchr(set, s[without]))
        without++;
    check("strspn", strspn(s, set) == with, n, strlen(set));
    check("strcspn", strcspn(s, set) == without, n, strlen(set));
    check("strpbrk", strpbrk(s, set) == (s[without] ? s + without : NULL), n, strlen(set));
}

// `n` bytes of `from`, then zeros up to `size`, then what was there.
static void written(const char *what, const char *to, const char *from, size_t n, size_t size)
{
    for (size_t i = 0; i < n; i++)
        check(what, to[i] == from[i], n, size);
    for (size_t i = n; i < size; i++)
        check(what, to[i] == 0, n, size);
    check(what, to == target || to[-1] == '#', n, size);
    check(what, to + size == target + ROOM || to[size] == '#', n, size);
}

static void copying(void)
{
    size_t n = length(), limit = draw() % (draw() % 2 ? n + 1 : n + 200), some = n < limit ? n : limit;
    char *s = text(left, n), *to = place(target, n + 1 > limit ? n : limit);
    memset(target, '#', ROOM);
    check("strcpy", strcpy(to, s) == to, n, 0);
    written("strcpy", to, s, n, n + 1);
    memset(to, '#', n + 1);
    check("stpcpy", stpcpy(to, s) == to + n, n, 0);
    written("stpcpy", to, s, n, n + 1);
    memset(to, '#', n + 1);
    check("strncpy", strncpy(to, s, limit) == to, n, limit);
    written("strncpy", to, s, some, limit);
    memset(to, '#', limit);
    check("stpncpy", stpncpy(to, s, limit) == to + some, n, limit);
    written("stpncpy", to, s, some, limit);
    memset(to, '#', limit);
    if (some > 3) {
        strncpy(to, s, 3)[3] = 0;
        check("strncat", strncat(to, s + 3, some - 3) == to, n, some);
        written("strncat", to, s, some, some + 1);
        to[3] = 0;
        if (limit > n) {
            check("strcat", strcat(to, s + 3) == to, n, limit);
            written("strcat", to, s, n, n + 1);
        }
    }
}

int main(void)
{
    left = guarded(), right = guarded(), target = guarded();
    for (int pass = 0; pass < 2; pass++) {
        for (int round = 0; round < ROUNDS; round++) {
            comparing();
            searching();
            sets();
            copying();
        }
        hermit_cpu_features = 0;
    }
    // A needle that nearly fits everywhere: linear all the same.
    memset(left, 'a', ROOM - 1);
    left[ROOM - 1] = 0;
    memset(right, 'a', ROOM / 2);
    strcpy(right + ROOM / 2, "b");
    check("strstr in vain", strstr(left, right) == NULL, ROOM, ROOM / 2);
    puts("string-search: all as by bytes");
    return 0;
}
