// printf of integers, strings and characters: each flag, width, precision and length, alone and before floating point; the
// same to streams of every kind of buffer, by itself and beside other threads.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // fopencookie
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static int failures;

static void is(int line, const char *wanted, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    int n = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (n == (int)strlen(wanted) && strcmp(text, wanted) == 0)
        return;
    printf("FAILED: line %d: \"%s\" (%d), not \"%s\"\n", line, text, n, wanted);
    failures++;
}
#define IS(...) is(__LINE__, __VA_ARGS__)

static void conversions(void)
{
    IS("0 1 -1 2147483647 -2147483648", "%d %i %d %d %d", 0, 1, -1, INT_MAX, INT_MIN);
    IS("18446744073709551615 9223372036854775807 -9223372036854775808", "%lu %ld %lld", ULONG_MAX, LONG_MAX, LLONG_MIN);
    IS("255 -1 65535 -1 44", "%hhu %hhd %hu %hd %hhd", 255, 255, 65535, 65535, 300);
    IS("7 8 -9", "%zu %ju %td", (size_t)7, (uintmax_t)8, (ptrdiff_t)-9);
    IS("+5 -5  5 -5 +0", "%+d %+d % d % d %+d", 5, -5, 5, -5, 0);
    IS("    5|5    |00005|+0005|-0005| 0005", "%5d|%-5d|%05d|%+05d|%05d|% 05d", 5, 5, 5, 5, -5, 5);
    IS("  005|005  |  005|+005||0", "%5.3d|%-5.3d|%05.3d|%+.3d|%.0d|%.0d0", 5, 5, 5, 5, 0, 0);
    IS("ff FF 0xff 0XFF 0 0 0x0f 00ff", "%x %X %#x %#X %#x %x %#04x %04x", 255, 255, 255, 255, 0, 0, 15, 255);
    IS("17 017 0 0 0017 000017", "%o %#o %#o %#.0o %#.4o %#.6o", 15, 15, 0, 0, 15, 15);
    IS("0x000000ff|0xff    |      0xff|0x00ff", "%#010x|%-#8x|%#10x|%#.4x", 255, 255, 255, 255);
    IS("123456789012345678|99|100|101", "%ld|%d|%d|%u", 123456789012345678L, 99, 100, 101u);
    IS("word|  word|word  |wo|    wo||", "%s|%6s|%-6s|%.2s|%6.2s|%.0s|%s", "word", "word", "word", "word", "word", "word", "");
    IS("(null)", "%s", NULL);
    IS("x|  x|x  |%|100%", "%c|%3c|%-3c|%%|100%%", 'x', 'x', 'x');
    IS("  7|7  |7|003", "%*d|%*d|%*d|%.*d", 3, 7, -3, 7, 1, 7, 3, 3);
    IS("1 2.50 three 4e+00", "%d %.2f %s %.0e", 1, 2.5, "three", 4.0);
    IS("a 1 1.5 b 2", "%s %d %g %s %d", "a", 1, 1.5, "b", 2);
    IS("x 0x10 3", "%c %p %d", 'x', (void *)16, 3);
    IS("2 1", "%2$d %1$d", 1, 2);
    IS("wide L", "wide %lc", (wint_t)L'L');
    IS("10000000", "%.8s", "1000000000");
    int before = 0, after = 0;
    IS("12 and on", "12%n and%n on", &before, &after);
    if (before != 2 || after != 6)
        printf("FAILED: %%n gives %d and %d\n", before, after), failures++;
    IS("no percent n: 5%n", "no percent n: %d%%n", 5);
}

static void cut_off(void)
{
    char text[8] = "#######";
    volatile size_t room = 5; // or the compiler warns
    int n = snprintf(text, room, "%s %d", "abc", 12345);
    int none = snprintf(NULL, 0, "%d words of %s, %5c", 3, "text", 'x');
    if (n != 9 || strcmp(text, "abc ") || text[5] != '#' || none != 22)
        printf("FAILED: cut off at 5: \"%s\", %d, %d\n", text, n, none), failures++;
    char *made = NULL;
    if (asprintf(&made, "%d-%0*d-%s", 1, 200, 7, "end") != 206 || strlen(made) != 206 || strcmp(made + 202, "-end"))
        printf("FAILED: asprintf\n"), failures++;
    free(made);
}

static char gathered[1 << 16];
static size_t gathered_size;

static ssize_t gather(void *cookie, const char *data, size_t size)
{
    (void)cookie;
    memcpy(gathered + gathered_size, data, size);
    gathered_size += size;
    return (ssize_t)size;
}

static ssize_t nothing(void *cookie, char *data, size_t size)
{
    (void)cookie, (void)data, (void)size;
    return 0;
}

// What lands behind a stream is what snprintf gives, however it is buffered.
static void streams(int mode, size_t size)
{
    static char wanted[1 << 16], long_text[700];
    size_t n = 0;
    FILE *stream = fopencookie(NULL, "w", (cookie_io_functions_t){.write = gather});
    setvbuf(stream, NULL, mode, size);
    memset(long_text, 'l', sizeof long_text - 1);
    gathered_size = 0;
    for (int i = 0; i < 60; i++) {
        const char *text = i % 20 == 19 ? long_text : "some words";
        int one = fprintf(stream, "%d: %s, %#x %c\nand %5.2f %-8d|\n", i, text, i * 77, 'a' + i % 26, i * 0.37, -i);
        int other = sprintf(wanted + n, "%d: %s, %#x %c\nand %5.2f %-8d|\n", i, text, i * 77, 'a' + i % 26, i * 0.37, -i);
        if (one != other)
            printf("FAILED: fprintf gives %d, sprintf %d\n", one, other), failures++;
        n += (size_t)other;
        fputc('.', stream);
        wanted[n++] = '.';
    }
    fclose(stream);
    if (gathered_size != n || memcmp(gathered, wanted, n))
        printf("FAILED: mode %d, buffer of %zu: other bytes (%zu, %zu)\n", mode, size, gathered_size, n), failures++;
}

static void all_streams(void)
{
    for (size_t size = 1; size < 2000; size = size * 3 + 1) {
        streams(_IOFBF, size);
        streams(_IOLBF, size);
    }
    streams(_IONBF, 0);
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
    conversions();
    cut_off();
    all_streams();
    FILE *reading = fopencookie(NULL, "r", (cookie_io_functions_t){.read = nothing});
    if (fprintf(reading, "%d", 1) >= 0)
        printf("FAILED: a stream for reading is written to\n"), failures++;
    fclose(reading);
    pthread_mutex_lock(&held);
    pthread_create(&thread, NULL, beside, &held);
    all_streams();
    pthread_mutex_unlock(&held);
    pthread_join(thread, NULL);
    printf("\n%d failures\n", failures);
    return failures != 0;
}
