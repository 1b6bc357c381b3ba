// fread, fgets, getc and ungetc in any order give the bytes of their source, fwrite, fputs and putc what was written, with
// buffers of all sizes, alone and beside another thread.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // fopencookie
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 20000, MOST = 90 };

static char source[SIZE + 1], got[SIZE + MOST];
static size_t given, gathered;
static uint64_t state = 88172645463325252u;

static uint32_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20);
}

static void check(const char *what, int holds, size_t at, size_t buffer)
{
    if (holds)
        return;
    printf("FAILED %s: byte %zu, buffer of %zu\n", what, at, buffer);
    exit(1);
}

static ssize_t give(void *cookie, char *data, size_t size)
{
    (void)cookie;
    size = size < SIZE - given ? size : SIZE - given;
    memcpy(data, source + given, size);
    given += size;
    return (ssize_t)size;
}

static ssize_t gather(void *cookie, const char *data, size_t size)
{
    (void)cookie;
    memcpy(got + gathered, data, size);
    gathered += size;
    return (ssize_t)size;
}

static void reading(size_t buffer)
{
    char piece[MOST + 1];
    size_t at = 0, n;
    given = 0;
    FILE *stream = fopencookie(NULL, "r", (cookie_io_functions_t){.read = give});
    setvbuf(stream, NULL, buffer ? _IOFBF : _IONBF, buffer);
    while (at < SIZE) {
        size_t wanted = 1 + draw() % MOST, left = SIZE - at;
        switch (draw() % 4) {
        case 0:
            n = fread(piece, 1, wanted, stream);
            check("fread", n == (wanted < left ? wanted : left) && !memcmp(piece, source + at, n), at, buffer);
            at += n;
            break;
        case 1:
            check("fgets", fgets(piece, (int)wanted + 1, stream) == piece, at, buffer);
            n = strlen(piece);
            check("fgets", n && !memcmp(piece, source + at, n) && (n == wanted || n == left || piece[n - 1] == '\n'), at, buffer);
            check("fgets", memchr(piece, '\n', n - 1) == NULL, at, buffer);
            at += n;
            break;
        case 2:
            check("getc", getc(stream) == source[at], at, buffer);
            at++;
            break;
        default:
            if (at == 0)
                break;
            at--;
            check("ungetc", ungetc(source[at], stream) == source[at], at, buffer);
            check("getc of what was put back", getc(stream) == source[at], at, buffer);
            at++;
        }
    }
    check("fread at the end", fread(piece, 1, 1, stream) == 0 && feof(stream) && !fgets(piece, 9, stream), at, buffer);
    fclose(stream);
}

static void writing(int mode, size_t buffer)
{
    size_t at = 0;
    gathered = 0;
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = gather});
    setvbuf(stream, NULL, mode, buffer);
    while (at < SIZE) {
        char piece[MOST + 1];
        size_t n = 1 + draw() % MOST;
        n = n < SIZE - at ? n : SIZE - at;
        memcpy(piece, source + at, n);
        piece[n] = 0;
        switch (draw() % 3) {
        case 0:
            check("fwrite", fwrite(piece, 1, n, stream) == n, at, buffer);
            break;
        case 1:
            check("fputs", fputs(piece, stream) >= 0, at, buffer);
            break;
        default:
            n = 1;
            check("putc", putc(piece[0], stream) == piece[0], at, buffer);
        }
        at += n;
    }
    fclose(stream);
    check("writing", gathered == SIZE && !memcmp(got, source, SIZE), gathered, buffer);
}

static void all(void)
{
    for (size_t buffer = 1; buffer < 5000; buffer = buffer * 3 + 1) {
        reading(buffer);
        writing(_IOFBF, buffer);
        writing(_IOLBF, buffer);
    }
    reading(0);
    writing(_IONBF, 0);
    FILE *stream = fopencookie(NULL, "r", (cookie_io_functions_t){.read = give});
    check("writing to a stream for reading", fputs("x", stream) < 0 && fwrite("x", 1, 1, stream) == 0, 0, 0);
    fclose(stream);
}

static void *beside(void *held)
{
    pthread_mutex_lock(held);
    pthread_mutex_unlock(held);
    return NULL;
}

int main(void)
{
    static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread;
    for (int i = 0; i < SIZE; i++)
        source[i] = draw() % 30 ? (char)('a' + draw() % 26) : '\n';
    all();
    pthread_mutex_lock(&held);
    pthread_create(&thread, NULL, beside, &held);
    all();
    pthread_mutex_unlock(&held);
    pthread_join(thread, NULL);
    puts("blocks: all as written");
    return 0;
}
