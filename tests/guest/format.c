// printf of floating-point numbers: hashes of many pseudo-random ones, which libc.py computes by exact arithmetic.
// SPDX-License-Identifier: BSD-3-Clause
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 1500

static uint64_t state = 88172645463325252u, hash;
static char text[8192];

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void add(void)
{
    for (const char *p = text; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 1099511628211u; // FNV-1a
}

static double number(int kind)
{
    uint64_t bits = draw();
    double value;
    switch (kind) {
    case 0: // any
        memcpy(&value, &bits, sizeof value);
        return isfinite(value) ? value : 1.0;
    case 1: // integers
        return (double)(int64_t)(bits >> (bits & 63));
    case 2: // as people print them
        return (double)(bits % 2000001) / 1000.0 - 1000.0;
    case 3: // ties: few bits, so that halves are common
        return ldexp((double)(bits % 4096), (int)(bits >> 32) % 80 - 40);
    default: // denormal
        return 5e-324 * (double)(bits >> 40);
    }
}

static void doubles(void)
{
    static const char *const formats[] = {"%.*e", "%.*f", "%.*g"};
    for (int kind = 0; kind < 5; kind++) {
        hash = 14695981039346656037u;
        for (int i = 0; i < ROUNDS; i++) {
            double value = number(kind);
            uint64_t how = draw();
            int precision = (int)(how >> 8) % (how % 16 ? 20 : 120);
            snprintf(text, sizeof text, formats[(how >> 40) % 3], precision, value);
            add();
        }
        printf("double %d: %016llx\n", kind, (unsigned long long)hash);
    }
}

static void long_doubles(void)
{
    hash = 14695981039346656037u;
    for (int i = 0; i < 300; i++) {
        uint64_t mantissa = draw() | 1ull << 63, how = draw();
        long double value = ldexpl((long double)mantissa, (int)(how >> 32) % (how % 8 ? 200 : 30000) - 100);
        if (!isfinite(value))
            continue;
        snprintf(text, sizeof text, "%.*Le", (int)(how >> 8) % 60, value);
        add();
    }
    printf("long double: %016llx\n", (unsigned long long)hash);
}

int main(void)
{
    doubles();
    long_doubles();
    printf("%f %e %g %G %F %a %A %.3a\n", 0.0, -0.0, 1e5, 1e-5, INFINITY, 1.5, 0.1, 3.999);
    printf("%.0f %.0f %.0f %.0e %.1f %5.1f|%-8.2e|%+g|% g|%#g|%010.3f\n", 0.5, 1.5, 2.5, 25.0, 0.25, 2.25, 3.0, 5.0, 5.0, 1.0,
           -3.14159);
    printf("%Lf %.25Lg %Le %La\n", 2.5L, 0.1L, -1e4000L, 1.5L);
    fesetround(FE_UPWARD);
    printf("up %.1f %.1f", 0.11, -0.19);
    fesetround(FE_DOWNWARD);
    printf(" down %.1f %.1f", 0.19, -0.11);
    fesetround(FE_TOWARDZERO);
    printf(" cut %.1f %.1f\n", 0.19, -0.19);
    return 0;
}
