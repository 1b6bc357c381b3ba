// What config.site answers in configure's place: each line here is one of its answers, found out in a guest.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int failures;

static void check(int holds, const char *answer)
{
    if (!holds)
        printf("wrong: %s\n", answer);
    failures += !holds;
}

// Callers on a stack that grows down lie above.
__attribute__((noinline)) static int deeper(const volatile char *above)
{
    volatile char here = *above;
    return (uintptr_t)&here < (uintptr_t)above;
}

static int copied(const char *format, ...)
{
    va_list first, second;
    char a[8], b[8];
    va_start(first, format);
    va_copy(second, first);
    vsnprintf(a, sizeof a, format, first);
    vsnprintf(b, sizeof b, format, second);
    va_end(second);
    va_end(first);
    return strcmp(a, b) == 0 && strcmp(a, "7") == 0;
}

int main(void)
{
    volatile size_t none = 0; // gcc knows what it thinks malloc(0) gives
    char *end, text[4], odd[] = {(char)0x40, (char)0x81, 0}, even[] = {(char)0x40, (char)0x7f, 0};
    void *again = malloc(8);
    check(malloc(none) != NULL, "ac_cv_func_malloc_0_nonnull=yes");
    check(calloc(none, none) != NULL, "ac_cv_func_calloc_0_nonnull=yes");
    check(realloc(NULL, none) != NULL && again, "ac_cv_func_realloc_0_nonnull=yes");
    check(memcmp(odd, even, 2) > 0, "ac_cv_func_memcmp_working=yes");
    check(strnlen("foobar", 3) == 3 && strnlen("foo", 9) == 3, "ac_cv_func_strnlen_working=yes");
    check(strcoll("abc", "def") < 0 && strcoll("ABC", "DEF") < 0, "ac_cv_func_strcoll_works=yes");
    check(strtod("1.5e2x", &end) == 150.0 && *end == 'x', "ac_cv_func_strtod=yes");
    check(strtold("0.25", NULL) == 0.25L, "ac_cv_func_strtold=yes");
    check(snprintf(text, sizeof text, "%s", "longer") == 6 && text[3] == 0, "ac_cv_have_working_snprintf=yes");
    check(copied("%d", 7), "ac_cv_va_copy=yes");
    check(fork() == -1 && errno == ENOSYS, "ac_cv_func_fork=no");
    check(*(const unsigned char *)&(const uint32_t){1} == 1, "ac_cv_c_bigendian=no");
    check(deeper(text), "ac_cv_c_stack_direction=-1");
    check(setvbuf(stdout, NULL, _IOLBF, BUFSIZ) == 0, "ac_cv_func_setvbuf_reversed=no");
    check(getpgrp() >= 0, "ac_cv_func_getpgrp_void=yes");
    printf("%d wrong answers\n", failures);
    return failures != 0;
}
