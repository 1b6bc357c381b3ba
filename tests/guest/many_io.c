// The console from many threads: lines stay whole, and each thread's are in order.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <errno.h>
#include <unistd.h>

enum { THREADS = 8, LINES = 60 };

static void *say(void *number)
{
    for (int line = 0; line < LINES; line++) {
        errno = (int)(long)number + 1;
        sched_yield();
        if (errno != (int)(long)number + 1)
            fprintf(stderr, "errno of another thread\n");
        if (line % 3 == 0) {
            printf("thread %ld line %d of %d %.3f -----\n", (long)number, line, LINES, (double)line / 4);
        } else if (line % 3 == 1) {
            flockfile(stdout); // several calls, still one line
            fputs("thread ", stdout);
            printf("%ld", (long)number);
            fputs(" line ", stdout);
            printf("%d of %d %.3f -----", line, LINES, (double)line / 4);
            putchar_unlocked('\n');
            funlockfile(stdout);
        } else {
            char *text; // memory, numbers and streams at once
            if (asprintf(&text, "thread %ld line %d of %d %.3f -----\n", (long)number, line, LINES, (double)line / 4) < 0)
                abort();
            fputs(text, stdout);
            free(text);
        }
        if (line % 16 == 0)
            fflush(stdout);
    }
    return NULL;
}

static void *write_lines(void *number)
{
    char line[64];
    int size = snprintf(line, sizeof line, "thread %ld line 0 of 1 0.000 -----\n", (long)number);
    for (int i = 0; i < LINES; i++)
        if (write(1, line, (size_t)size) != size)
            fprintf(stderr, "a line was cut\n");
    return NULL;
}

int main(void)
{
    static char large[256];
    setvbuf(stdout, large, _IOFBF, sizeof large); // so small that it is flushed within lines
    in_threads(THREADS, say);
    fflush(stdout);
    in_threads(THREADS, write_lines);
    printf("all said\n");
    return 0;
}
