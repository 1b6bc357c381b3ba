// What an image may need of its loader: aligned and zeroed thread-local storage, constructors, relocated data, nested functions (which
// want an executable stack), large zero data.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdint.h>
#include <stdio.h>

static __thread int initialized = 42;
static __thread int zeroed;
static __thread char aligned[200] __attribute__((aligned(256))) = "aligned";
static char large[16 << 20];
static int constructed;
static const char *const words[] = {"one", "two", "three"};

__attribute__((constructor)) static void construct(void) { constructed = 7; }
__attribute__((destructor)) static void destruct(void) { puts("destructor"); }

static int failures;

static void check(const char *what, int holds)
{
    printf("%s: %s\n", holds ? "ok" : "FAILED", what);
    failures += !holds;
}

__attribute__((noinline)) static int apply(int (*function)(int), int value) { return function(value); }

static int nested(int offset)
{
    int add(int value) { return value + offset; } // its address is code on the stack
    return apply(add, 40);
}

static int is_zero(const char *p, long len)
{
    for (long i = 0; i < len; i += 4096)
        if (p[i])
            return 0;
    return 1;
}

int main(int argc, char **argv)
{
    uintptr_t self, canary;

    check("initialized thread-local data", initialized == 42 && zeroed == 0);
    check("aligned thread-local data", (uintptr_t)aligned % 256 == 0 && aligned[0] == 'a' && aligned[7] == 0);
    __asm__("mov %%fs:0, %0; mov %%fs:0x28, %1" : "=&r"(self), "=r"(canary));
    check("a thread control block that knows itself", *(uintptr_t *)self == self);
    check("a stack canary with a zero byte", canary != 0 && (canary & 0xff) == 0);
    check("constructors", constructed == 7);
    check("addresses in constant data", words[argc % 3][0] == 't' || words[argc % 3][0] == 'o');
    check("large zero data", is_zero(large, sizeof large));
    check("an aligned stack", ((uintptr_t)__builtin_frame_address(0) & 15) == 0);
    argv[0][0] = '!'; // a program may write its arguments
    check("writable arguments", argv[0][0] == '!' && argv[argc] == NULL);
    check("a nested function", nested(2) == 42);
    printf("%d failures\n", failures);
    return failures != 0;
}
