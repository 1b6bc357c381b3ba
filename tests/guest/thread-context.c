// What belongs to a thread's context beside its registers: a stack that nested functions can be entered on, and exceptions of
// floating point that only its own computations raise.
// SPDX-License-Identifier: BSD-3-Clause
#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

enum { ROUNDS = 1000 };

static int failures;
static volatile int stop;
static volatile long double third = 3;

static void check(const char *what, int holds)
{
    printf("%s: %s\n", holds ? "ok" : "FAILED", what);
    failures += !holds;
}

__attribute__((noinline)) static int apply(int (*function)(int), int value) { return function(value); }

static void *nested(void *offset)
{
    int add(int value) { return value + *(int *)offset; } // its address is code on the stack
    *(int *)offset = apply(add, 40);
    return NULL;
}

static void *inexact(void *unused)
{
    while (!stop) {
        third = 1 / third; // x87, as all long doubles
        sched_yield();
    }
    return unused;
}

static void *exact(void *unused)
{
    long wrong = 0, lost = 0;
    for (int round = 0; round < ROUNDS; round++) {
        feclearexcept(FE_ALL_EXCEPT);
        sched_yield();
        wrong += fetestexcept(FE_ALL_EXCEPT) != 0;
        feraiseexcept(FE_DIVBYZERO);
        sched_yield();
        lost += fetestexcept(FE_ALL_EXCEPT) != FE_DIVBYZERO;
    }
    check("nobody else's exceptions", wrong == 0);
    check("its own exceptions", lost == 0);
    return unused;
}

int main(void)
{
    pthread_t threads[2];
    int value = 2;
    pthread_create(threads, NULL, nested, &value);
    pthread_join(threads[0], NULL);
    check("a nested function in a thread", value == 42);
    pthread_create(threads, NULL, inexact, NULL);
    pthread_create(threads + 1, NULL, exact, NULL);
    pthread_join(threads[1], NULL);
    stop = 1;
    pthread_join(threads[0], NULL);
    printf("%d failures\n", failures);
    return failures != 0;
}
