// Compiled with -fexceptions: pthread_exit and cancellation unwind, so that variables' own clean-up runs as well.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "threads.h"

static atomic_int order, reached;

static void note(int what)
{
    order = order * 10 + what;
}

static void clean(void *argument)
{
    note((int)(long)argument);
}

static void gone(int *variable)
{
    note(*variable);
}

static void *inner(void *argument)
{
    __attribute__((cleanup(gone))) int two = 2;
    pthread_cleanup_push(clean, (void *)1);
    reached++;
    if (argument)
        pthread_exit(argument);
    while (1)
        sleep_ms(1000);
    pthread_cleanup_pop(0);
    return &order;
}

static void *outer(void *argument)
{
    __attribute__((cleanup(gone))) int four = 4;
    pthread_cleanup_push(clean, (void *)3);
    inner(argument);
    pthread_cleanup_pop(0);
    return argument;
}

static void *balanced(void *argument)
{
    pthread_cleanup_push(clean, (void *)5);
    pthread_cleanup_push(clean, (void *)6);
    pthread_cleanup_pop(1);
    pthread_cleanup_pop(0);
    return argument;
}

int main(void)
{
    check("pthread_exit", join(start(outer, (void *)7)) == (void *)7);
    check("inner frames first", order == 1234);
    order = reached = 0;
    pthread_t thread = start(outer, NULL);
    reaches(&reached, 2 - 1);
    pthread_cancel(thread);
    check("cancelled", join(thread) == PTHREAD_CANCELED);
    check("inner frames first when cancelled", order == 1234);
    order = 0;
    join(start(balanced, NULL));
    check("pop alone runs what it is told to", order == 6);
    return finish();
}
