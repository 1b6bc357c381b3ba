// What it costs to write to streams and to read from them; their other end is in memory, so nothing of it is the system's.
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"

enum { LINES = 1000, LINE = 40, SIZE = LINES * LINE };

static char source[SIZE + 1];
static size_t position;
static FILE *out, *in;
static volatile long sink;

static ssize_t drop(void *cookie, const char *data, size_t size)
{
    (void)cookie, (void)data;
    return (ssize_t)size;
}

static ssize_t deliver(void *cookie, char *data, size_t size)
{
    (void)cookie;
    if (position == SIZE)
        position = 0; // text without end
    if (size > SIZE - position)
        size = SIZE - position;
    memcpy(data, source + position, size);
    position += size;
    return (ssize_t)size;
}

#define WORK(name, expression)                                                                                                   \
    static void name(void *data, size_t calls)                                                                                   \
    {                                                                                                                            \
        char line[256];                                                                                                          \
        (void)data, (void)line;                                                                                                  \
        for (size_t i = 0; i < calls; i++)                                                                                       \
            sink = (long)(expression);                                                                                           \
    }

WORK(characters_out, putc('x', out))
WORK(characters_in, getc(in))
WORK(unlocked_out, putc_unlocked('x', out))
WORK(unlocked_in, getc_unlocked(in))
WORK(strings_out, fputs("a line of text that is written\n", out))
WORK(lines_in, (long)fgets(line, sizeof line, in))
WORK(integers_out, fprintf(out, "%d\n", (int)i))
WORK(doubles_out, fprintf(out, "%g %g\n", (double)i * 0.37, (double)i * 1e-3))
WORK(words_out, fprintf(out, "%s %s\n", "some", "words"))
WORK(blocks_out, fwrite(source, 1, 64, out))
WORK(blocks_in, fread(line, 1, 64, in))
WORK(elements_out, fwrite(source, 8, 1, out))
WORK(elements_in, fread(line, 8, 1, in))
WORK(numbers_in, fscanf(in, "%*s %63s", line))

static const struct {
    const char *name;
    work *function;
} figures[] = {
    {"putc", characters_out}, {"getc", characters_in}, {"putc_unlocked", unlocked_out}, {"getc_unlocked", unlocked_in},
    {"fputs", strings_out}, {"fgets", lines_in}, {"fprintf-%d", integers_out}, {"fprintf-%g", doubles_out},
    {"fprintf-%s", words_out}, {"fwrite-64", blocks_out}, {"fread-64", blocks_in}, {"fwrite-8", elements_out},
    {"fread-8", elements_in}, {"fscanf-%s", numbers_in},
};

static void print(const char *what)
{
    char title[64];
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        snprintf(title, sizeof title, "%s%s", figures[i].name, what);
        figure(title, figures[i].function, NULL);
    }
}

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static void *waiting(void *data)
{
    pthread_mutex_lock(&held);
    pthread_mutex_unlock(&held);
    return data;
}

int main(void)
{
    pthread_t thread;
    for (int i = 0; i < SIZE; i++)
        source[i] = i % LINE == LINE - 1 ? '\n' : i % 8 == 7 ? ' ' : (char)('a' + i % 26);
    out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = drop});
    in = fopencookie(NULL, "r", (cookie_io_functions_t){.read = deliver});
    if (!out || !in) {
        fputs("streams: out of memory\n", stderr);
        return 1;
    }
    setvbuf(out, NULL, _IOFBF, 4096);
    setvbuf(in, NULL, _IOFBF, 4096);
    print("");
    // While there are other threads, a program locks its streams.
    pthread_mutex_lock(&held);
    if (pthread_create(&thread, NULL, waiting, NULL)) {
        fputs("streams: no thread\n", stderr);
        return 1;
    }
    print("-threads");
    pthread_mutex_unlock(&held);
    pthread_join(thread, NULL);
    return 0;
}
