// What it costs to format and to read numbers and dates.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "figure.h"

enum { NUMBERS = 256 };

static char text[512], digits[NUMBERS][32], whole_digits[NUMBERS][16];
static double numbers[NUMBERS];
static volatile long sink;

// One call with numbers that differ each time.
#define WORK(name, expression)                                                                                                   \
    static void name(void *data, size_t calls)                                                                                   \
    {                                                                                                                            \
        (void)data;                                                                                                              \
        for (size_t i = 0; i < calls; i++) {                                                                                     \
            double x = numbers[i % NUMBERS];                                                                                     \
            int n = (int)(x * 1e5);                                                                                              \
            (void)n;                                                                                                             \
            sink = (long)(expression);                                                                                           \
        }                                                                                                                        \
    }

WORK(general, snprintf(text, sizeof text, "%g", x))
WORK(fixed, snprintf(text, sizeof text, "%f", x))
WORK(small_and_fixed, snprintf(text, sizeof text, "%g %f", x * 1e-7, x))
WORK(exponents, snprintf(text, sizeof text, "%.10e", x * 1e20))
WORK(exact, snprintf(text, sizeof text, "%.17g", x))
// What libgfortran asks for in its formatted output: sign, point, and digits enough to round by itself.
WORK(fortran, snprintf(text, sizeof text, "%+-#.*e", 16, x))
WORK(fortran_long, snprintf(text, sizeof text, "%+-#.*e", 33, x))
WORK(fortran_fixed, snprintf(text, sizeof text, "%+-#.*f", 10, x))
WORK(columns, snprintf(text, sizeof text, "%12.6f %12.6f %12.4e\n", x, x + 1, x * 1e9))
WORK(extended, snprintf(text, sizeof text, "%Lg", (long double)x))
WORK(integers, snprintf(text, sizeof text, "%d", n))
WORK(hexadecimal, snprintf(text, sizeof text, "%#x %08x", (unsigned)n, (unsigned)n))
WORK(words, snprintf(text, sizeof text, "%s", "a word or two"))
WORK(padded, snprintf(text, sizeof text, "%-20s|%5d|%c", "name", n % 1000, 'x'))
WORK(mixed, snprintf(text, sizeof text, "step %d of %s: %ld cells, %.3f s, %g", n % 100, "solver", (long)n * 10, x, x))
WORK(literal, snprintf(text, sizeof text, "nothing to convert in this text"))

WORK(reading, strtod(digits[i % NUMBERS], NULL) > 0)
WORK(reading_short, atof(whole_digits[i % NUMBERS]) > 0)
WORK(reading_whole, strtol(whole_digits[i % NUMBERS], NULL, 10))
WORK(reading_plain, atoi(whole_digits[i % NUMBERS]))

static void scanning_numbers(void *data, size_t calls)
{
    double a, b;
    (void)data;
    for (size_t i = 0; i < calls; i++) {
        sink = sscanf("3.25 -17.5e3", "%lf %lf", &a, &b);
    }
}

static void scanning_mixed(void *data, size_t calls)
{
    int n;
    char word[32];
    (void)data;
    for (size_t i = 0; i < calls; i++)
        sink = sscanf("1234 name 99", "%d %31s %*d", &n, word);
}

static void calendar(void *data, size_t calls)
{
    struct tm date;
    (void)data;
    for (size_t i = 0; i < calls; i++) {
        time_t now = (time_t)(1700000000 + 86399 * (i % NUMBERS));
        gmtime_r(&now, &date);
        sink = date.tm_mday;
    }
}

static void from_calendar(void *data, size_t calls)
{
    (void)data;
    for (size_t i = 0; i < calls; i++) {
        struct tm date = {.tm_year = 123, .tm_mon = (int)(i % 12), .tm_mday = 14, .tm_hour = 12, .tm_isdst = 0};
        sink = mktime(&date);
    }
}

static void dates(void *data, size_t calls)
{
    struct tm date = {.tm_year = 123, .tm_mon = 10, .tm_mday = 14, .tm_hour = 12};
    (void)data;
    while (calls--)
        sink = (long)strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %b", &date);
}

int main(void)
{
    unsigned seed = 1;
    for (int i = 0; i < NUMBERS; i++) {
        seed = seed * 1103515245 + 12345;
        numbers[i] = (seed >> 4) * 0x1p-28 * 9999 + 0.001;
        snprintf(digits[i], sizeof digits[i], "%.15g", numbers[i]);
        snprintf(whole_digits[i], sizeof whole_digits[i], "%d", (int)(numbers[i] * 100));
    }
    figure("printf-%g", general, NULL);
    figure("printf-%f", fixed, NULL);
    figure("printf-%g-%f", small_and_fixed, NULL);
    figure("printf-%.10e", exponents, NULL);
    figure("printf-%.17g", exact, NULL);
    figure("printf-fortran-16", fortran, NULL);
    figure("printf-fortran-33", fortran_long, NULL);
    figure("printf-fortran-f10", fortran_fixed, NULL);
    figure("printf-columns", columns, NULL);
    figure("printf-%Lg", extended, NULL);
    figure("printf-%d", integers, NULL);
    figure("printf-%x", hexadecimal, NULL);
    figure("printf-%s", words, NULL);
    figure("printf-padded", padded, NULL);
    figure("printf-mixed", mixed, NULL);
    figure("printf-literal", literal, NULL);
    figure("strtod", reading, NULL);
    figure("atof-short", reading_short, NULL);
    figure("strtol", reading_whole, NULL);
    figure("atoi", reading_plain, NULL);
    figure("sscanf-%lf", scanning_numbers, NULL);
    figure("sscanf-%d-%s", scanning_mixed, NULL);
    figure("gmtime", calendar, NULL);
    figure("mktime", from_calendar, NULL);
    figure("strftime", dates, NULL);
    return 0;
}
