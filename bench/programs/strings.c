// The string functions: on words of 1 to 24 bytes at odd addresses, on 100 bytes, and on 1000.
// SPDX-License-Identifier: BSD-3-Clause
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"

enum { WORDS = 64, LONGEST = 24, COPIES = 4, ROOM = 2048 };

// At a page's begin: how often a string ends near one must not differ between the programs.
static _Alignas(4096) char left[COPIES][ROOM], right[COPIES][ROOM];
static char to[ROOM];
static volatile size_t sink;

// Strings of one figure: left and right are equal; every one ends in 'z', which stands nowhere else.
struct strings {
    const char *left[WORDS], *right[WORDS];
    size_t length[WORDS];
};

// The same strings in each call, but always others in turn: their lengths cannot be predicted. The compiler must read
// them again each time, whatever it knows of the functions.
#define WORK(name, expression)                                                                                                   \
    static void name(void *data, size_t calls)                                                                                   \
    {                                                                                                                            \
        const struct strings *s = data;                                                                                          \
        for (size_t i = 0; i < calls; i++) {                                                                                     \
            const char *a = s->left[i % WORDS], *b = s->right[i % WORDS];                                                        \
            size_t n = s->length[i % WORDS];                                                                                     \
            (void)a, (void)b, (void)n;                                                                                           \
            sink = (size_t)(expression);                                                                                         \
            __asm__ volatile("" ::: "memory");                                                                                   \
        }                                                                                                                        \
    }

WORK(lengths, strlen(a))
WORK(limited_lengths, strnlen(a, n))
WORK(comparisons, strcmp(a, b))
WORK(limited_comparisons, strncmp(a, b, n))
WORK(caseless, strcasecmp(a, b))
WORK(blocks, memcmp(a, b, n))
WORK(bytes, memchr(a, 'z', n))
WORK(first, strchr(a, 'z'))
WORK(last, strrchr(a, 'a'))
WORK(within, strstr(a, "yz"))
WORK(sets, strcspn(a, "z,"))
WORK(spans, strspn(a, "abcdefghijklmnopqrstuvwxy"))
WORK(copies, strcpy(to, a))
WORK(limited_copies, strncpy(to, a, n + 1))
WORK(appends, (to[0] = 'x', to[1] = 0, strcat(to, a)))
WORK(block_copies, memcpy(to, a, n))
WORK(block_moves, memmove(to, a, n))
WORK(fills, memset(to, 1, n))

static const struct {
    const char *name;
    work *function;
} figures[] = {
    {"strlen", lengths}, {"strnlen", limited_lengths}, {"strcmp", comparisons}, {"strncmp", limited_comparisons},
    {"strcasecmp", caseless}, {"memcmp", blocks}, {"memchr", bytes}, {"strchr", first}, {"strrchr", last}, {"strstr", within},
    {"strcspn", sets}, {"strspn", spans}, {"strcpy", copies}, {"strncpy", limited_copies}, {"strcat", appends},
    {"memcpy", block_copies}, {"memmove", block_moves}, {"memset", fills},
};

static void fill(char *text, size_t length)
{
    for (size_t i = 0; i + 1 < length; i++)
        text[i] = (char)('a' + (i * i + i / 7) % 25);
    text[length - 1] = 'z';
    text[length] = 0;
}

// `size` 0: words of pseudo-random lengths, one behind the other.
static void prepare(struct strings *s, size_t size)
{
    unsigned seed = 1;
    size_t at = 0;
    for (int i = 0; i < WORDS; i++) {
        seed = seed * 1103515245 + 12345;
        int copy = size ? i % COPIES : 0;
        s->length[i] = size ? size : 1 + (seed >> 16) % LONGEST;
        s->left[i] = left[copy] + (size ? (size_t)copy * 5 : at);
        s->right[i] = right[copy] + (size ? (size_t)copy * 7 : at + 3);
        fill((char *)s->left[i], s->length[i]);
        fill((char *)s->right[i], s->length[i]);
        at += s->length[i] + 1;
    }
}

static void text_works(void *data, size_t calls)
{
    (void)data;
    while (calls--) {
        size_t letters = 0;
        for (const char *p = left[0]; *p; p++)
            letters += (size_t)(isalpha((unsigned char)*p) ? toupper((unsigned char)*p) : tolower((unsigned char)*p));
        sink = letters;
    }
}

static void tokens(void *data, size_t calls)
{
    (void)data;
    while (calls--) {
        strcpy(to, "alpha, beta gamma,delta epsilon; zeta = 5");
        for (char *word = strtok(to, " ,;"); word; word = strtok(NULL, " ,;"))
            sink = (size_t)*word;
    }
}

static void print(const char *what, size_t size)
{
    static struct strings s;
    char title[64];

    prepare(&s, size);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        snprintf(title, sizeof title, "%s-%s", figures[i].name, what);
        figure(title, figures[i].function, &s);
    }
}

int main(void)
{
    print("words", 0);
    print("100", 100);
    print("1000", 1000);
    fill(left[0], 60);
    figure("ctype-60", text_works, NULL);
    figure("strtok", tokens, NULL);
    return 0;
}
