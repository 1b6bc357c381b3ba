// Streams: C99 formats, positions, wide characters, reading, buffers, and how what does not exist fails.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

static int failures;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s\n", what);
    failures += !holds;
}

static void gives(const char *wanted, const char *format, ...)
{
    char text[256];
    va_list list;
    va_start(list, format);
    int length = vsnprintf(text, sizeof text, format, list);
    va_end(list);
    if (strcmp(text, wanted) || length != (int)strlen(wanted)) {
        printf("FAILED: %s gives \"%s\", not \"%s\"\n", format, text, wanted);
        failures++;
    }
}

static void formats(void)
{
    char text[8];
    const char *volatile digits = "0123456789";
    gives("18446744073709551615 -9223372036854775808", "%zu %jd", SIZE_MAX, INTMAX_MIN);
    gives("44 -1 65535", "%hhd %hd %hu", (signed char)300, (short)-1, (unsigned short)-1);
    gives("-5 0x7b 0X7B 0173", "%td %#x %#X %#o", (ptrdiff_t)-5, 123, 123, 123);
    gives("b a", "%2$s %1$s", "a", "b");
    gives("  left|right  |00042|+7", "%6s|%-7s|%05d|%+d", "left", "right", 42, 7);
    gives("abc", "%.*s", 3, "abcdef");
    gives("%", "%%");
    gives("caf\xc3\xa9", "%ls", L"caf\u00e9");
    gives("12345678901234567890", "%" PRIu64, UINT64_C(12345678901234567890));
    check("a cut snprintf tells the whole length", snprintf(text, sizeof text, "%s", digits) == 10);
    check("and ends with a zero", strcmp(text, "0123456") == 0);
    int at = 0;
    sprintf(text, "abc%n", &at);
    check("%n counts", at == 3);
}

static void wide(void)
{
    wchar_t text[32];
    char bytes[32];
    check("UTF-8 is the encoding", MB_CUR_MAX >= 4);
    check("mbstowcs", mbstowcs(text, "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 32) == 4 && text[2] == 0x20ac && text[3] == 0x1f600);
    check("wcstombs", wcstombs(bytes, L"\u20ac!", 32) == 4 && memcmp(bytes, "\xe2\x82\xac!", 5) == 0);
    check("a broken sequence: EILSEQ", mbstowcs(text, "\xff", 32) == (size_t)-1 && errno == EILSEQ);
    check("swprintf", swprintf(text, 32, L"%ls %d %.2f", L"w", 5, 0.125) == 8 && wcscmp(text, L"w 5 0.12") == 0);
}

static void reading(void)
{
    int decimal, negative, hexadecimal;
    double real;
    char word[16], line[32];
    check("scanf", scanf("%d %d %i %lf %15s", &decimal, &negative, &hexadecimal, &real, word) == 5);
    check("its values", decimal == 12 && negative == -7 && hexadecimal == 31 && real == 2500 && !strcmp(word, "word"));
    check("the rest of the line", fgets(line, sizeof line, stdin) && strcmp(line, "\n") == 0);
    check("one character back", ungetc(getc(stdin), stdin) == 'r');
    check("the next line", fgets(line, sizeof line, stdin) && strcmp(line, "rest of a line\n") == 0);
    check("then the end", getc(stdin) == EOF && feof(stdin) && !ferror(stdin));
    check("sscanf", sscanf("3,4;5", "%d,%d;%d", &decimal, &negative, &hexadecimal) == 3 && hexadecimal == 5);
    char *end;
    check("strtod", strtod("0x1.8p3z", &end) == 12 && *end == 'z');
    check("strtol with overflow", strtol("99999999999999999999", NULL, 10) == LONG_MAX && errno == ERANGE);
    check("strtold reads 64 bits", strtold("0.1", NULL) == 0.1L && strtold("0.1", NULL) != (long double)0.1);
}

static void absent(void)
{
    struct stat status;
    char byte;
    errno = 0;
    check("no file is found: ENOENT", !fopen("/no/file", "r") && errno == ENOENT);
    check("none is made in a directory that is not there", !fopen("/no/file", "w") && errno == ENOENT);
    check("a closed descriptor: EBADF", write(77, "x", 1) == -1 && errno == EBADF);
    check("reading one: EBADF", read(77, &byte, 1) == -1 && errno == EBADF);
    check("a stream has no position: ESPIPE", lseek(1, 0, SEEK_CUR) == -1 && errno == ESPIPE);
    check("fstat of the console", fstat(1, &status) == 0 && (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode)));
    check("isatty agrees", isatty(1) == !!S_ISCHR(status.st_mode));
    check("the root exists", stat("/", &status) == 0 && S_ISDIR(status.st_mode));
    check("fork: ENOSYS", fork() == -1 && errno == ENOSYS);
    check("system() finds no shell", system(NULL) == 0);
}

static void memory_streams(void)
{
    char *text = NULL, fixed[16] = "";
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    fprintf(stream, "%d", 42);
    check("fclose", fclose(stream) == 0);
    check("open_memstream", size == 2 && strcmp(text, "42") == 0);
    free(text);
    stream = fmemopen(fixed, sizeof fixed, "w");
    fputs("fixed", stream);
    fclose(stream);
    check("fmemopen", strcmp(fixed, "fixed") == 0);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    formats();
    wide();
    reading();
    absent();
    memory_streams();
    printf("\n%d failures\n", failures);
    return failures != 0;
}
