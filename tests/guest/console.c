// Much output in odd pieces, much input, and both streams. --flood N writes N numbered lines; --count reads all of stdin.
// SPDX-License-Identifier: BSD-3-Clause
#include <hermit/syscalls.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int flood(long lines)
{
    for (long i = 0; i < lines; i++)
        if (printf("line %ld %.*s.\n", i, (int)(i % 71), "-----------------------------------------------------------------------") < 0)
            return 1;
    return fflush(stdout) != 0;
}

// One write larger than any buffer on the way.
static int large(void)
{
    size_t len = 300000;
    char *text = malloc(len);

    memset(text, 'x', len);
    text[0] = 'A';
    text[len - 2] = 'Z';
    text[len - 1] = '\n';
    return write(1, text, len) != (ssize_t)len;
}

static int count(void)
{
    static unsigned char bytes[10000];
    long total = 0, sum = 0, got;

    while ((got = read(0, bytes, 1 + (size_t)(total * 7919) % sizeof bytes)) > 0) {
        total += got;
        for (long i = 0; i < got; i++)
            sum = (sum * 31 + bytes[i]) % 1000000007;
    }
    printf("%ld bytes, sum %ld, at the end %ld and again %ld\n", total, sum, got, (long)read(0, bytes, 1));
    return 0;
}

static int errors(void)
{
    char byte;
    int good = sys_write(3, "x", 1) == -EBADF && sys_write(0, "x", 1) == -EBADF && sys_read(1, &byte, 1) == -EBADF;

    good &= sys_isatty(3) == -EBADF && sys_isatty(1) == 0 && sys_write(1, NULL, 0) == 0 && sys_read(0, NULL, 0) == 0;
    good &= sys_write(1, NULL, 1) == -EFAULT && sys_read(0, NULL, 1) == -EFAULT && sys_write(3, NULL, 1) == -EBADF;
    good &= sys_write(1, &byte, -1UL) == -EFAULT && sys_read(0, &byte, -1UL) == -EFAULT;
    puts(good ? "descriptors are checked" : "WRONG");
    return !good;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    if (strcmp(what, "--flood") == 0)
        return flood(argc > 2 ? atol(argv[2]) : 1000);
    if (strcmp(what, "--large") == 0)
        return large();
    if (strcmp(what, "--count") == 0)
        return count();
    return errors();
}
