// Times formatted output into memory, and reading a number back: nanoseconds per call.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>

#include "timing.h"

static char text[512];
static volatile double number = 1234.56789;
static volatile int whole = 123456;
static volatile double sink;

static void format_g(void) { snprintf(text, sizeof text, "%g %f", number, number); }
static void format_17(void) { snprintf(text, sizeof text, "%.17g", number); }
static void format_e(void) { snprintf(text, sizeof text, "%.6e", number); }
static void format_d(void) { snprintf(text, sizeof text, "%d %d", whole, whole); }
static void format_s(void) { snprintf(text, sizeof text, "%s %s", "one", "another"); }
static void parse(void) { sink = strtod("1234.56789", NULL); }

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } calls[] = {{"printf %g %f", format_g}, {"printf %.17g", format_17}, {"printf %.6e", format_e},
                 {"printf %d %d", format_d}, {"printf %s %s", format_s},  {"strtod", parse}};

    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        printf("%s\t%.1f\n", calls[i].name, nanoseconds(calls[i].run));
    return 0;
}
