// What it costs to format and to read numbers.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include "figure.h"

static char text[128];
static volatile double number = 3.14159265358979, small = 1.0e-7;
static volatile int integer = 1234567;
static const char *volatile digits = "3.14159265358979";

static void doubles(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        snprintf(text, sizeof text, "%g %f", small, number);
}

static void integers(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        snprintf(text, sizeof text, "%d", integer);
}

static void reading(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        number = strtod(digits, NULL);
}

int main(void)
{
    figure("printf-%g-%f", doubles, NULL);
    figure("printf-%d", integers, NULL);
    figure("strtod", reading, NULL);
    return 0;
}
