// Threads: starting, ending, joining, detaching; attributes; names; errno of their own.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <limits.h>

#include "threads.h"

static atomic_int reached, go;

static void *add_one(void *argument)
{
    return (char *)argument + 1;
}

static void *exit_with(void *argument)
{
    pthread_exit(argument);
}

static void *await_go(void *argument)
{
    reached++;
    while (!go)
        sleep_ms(1);
    return argument;
}

static void *deep(void *argument)
{
    volatile char block[48 * 1024];
    for (size_t i = 0; i < sizeof block; i++)
        block[i] = 1;
    return block[100] ? argument : NULL;
}

static void joining(void)
{
    pthread_t threads[16];
    for (long i = 0; i < 16; i++)
        threads[i] = start(add_one, (void *)i);
    for (long i = 0; i < 16; i++)
        check("result", join(threads[i]) == (void *)(i + 1));
    check("pthread_exit's result", join(start(exit_with, (void *)77)) == (void *)77);
    for (int i = 0; i < 500; i++)
        if (join(start(add_one, (void *)4)) != (void *)5)
            check("many in turn", 0);
    check("self", pthread_equal(pthread_self(), pthread_self()) && !pthread_equal(pthread_self(), threads[0]));
}

static void *join_other(void *argument)
{
    return (void *)(long)pthread_join(*(pthread_t *)argument, NULL);
}

static void misuse(void)
{
    reached = go = 0;
    gives("joining oneself", EDEADLK, pthread_join(pthread_self(), NULL));
    pthread_t thread = start(await_go, (void *)3);
    reaches(&reached, 1);
    void *result;
    gives("tryjoin of a running thread", EBUSY, pthread_tryjoin_np(thread, &result));
    struct timespec soon = in_ms(CLOCK_REALTIME, 20), mono = in_ms(CLOCK_MONOTONIC, 40), wrong = {0, SECOND};
    gives("timedjoin", ETIMEDOUT, pthread_timedjoin_np(thread, &result, &soon));
    gives("clockjoin", ETIMEDOUT, pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, &mono));
    gives("timedjoin with a wrong time", EINVAL, pthread_timedjoin_np(thread, &result, &wrong));
    pthread_t second = start(join_other, &thread);
    sleep_ms(20);
    gives("joining what another one joins", EINVAL, pthread_join(thread, NULL));
    go = 1;
    check("the other one joined", join(second) == NULL);
    gives("joining twice", ESRCH, pthread_join(thread, NULL));
    gives("kill of one that is gone", ESRCH, pthread_kill(thread, 0));
    gives("detach of one that is gone", ESRCH, pthread_detach(thread));
    thread = start(add_one, NULL);
    sleep_ms(20);
    gives("tryjoin of an ended thread", 0, pthread_tryjoin_np(thread, &result));
    check("tryjoin's result", result == (void *)1);
}

static void detaching(void)
{
    pthread_attr_t attr;
    pthread_t thread;
    reached = go = 0;
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    gives("create detached", 0, pthread_create(&thread, &attr, await_go, NULL));
    reaches(&reached, 1);
    gives("joining a detached thread", EINVAL, pthread_join(thread, NULL));
    gives("detaching it again", EINVAL, pthread_detach(thread));
    pthread_t other = start(await_go, NULL);
    reaches(&reached, 2);
    gives("detaching a running thread", 0, pthread_detach(other));
    gives("joining it then", EINVAL, pthread_join(other, NULL));
    go = 1;
    other = start(add_one, NULL);
    sleep_ms(20);
    gives("detaching an ended thread", 0, pthread_detach(other));
    for (int i = 0; i < 200 && pthread_kill(thread, 0) != ESRCH; i++)
        sleep_ms(5);
    gives("a detached thread goes away", ESRCH, pthread_kill(thread, 0));
    pthread_attr_destroy(&attr);
}

static void *look_at_stack(void *argument)
{
    pthread_attr_t attr;
    void *stack;
    size_t size;
    char here;
    gives("pthread_getattr_np", 0, pthread_getattr_np(pthread_self(), &attr));
    pthread_attr_getstack(&attr, &stack, &size);
    check("own stack is around here", &here > (char *)stack && &here < (char *)stack + size);
    check("stack size is at least what was asked for", size >= (size_t)argument);
    pthread_attr_destroy(&attr);
    return NULL;
}

static void stacks(void)
{
    pthread_attr_t attr;
    pthread_t thread;
    size_t size;
    void *stack;
    pthread_attr_init(&attr);
    gives("default stack size", 0, pthread_attr_getstacksize(&attr, &size));
    check("default stack size is sensible", size >= 64 * 1024 && size <= 8 << 20);
    gives("too small a stack", EINVAL, pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN - 1));
    gives("stack of 1 MiB", 0, pthread_attr_setstacksize(&attr, 1 << 20));
    gives("create with it", 0, pthread_create(&thread, &attr, look_at_stack, (void *)(1l << 20)));
    join(thread);
    pthread_attr_setstacksize(&attr, 128 * 1024);
    gives("create with 128 KiB", 0, pthread_create(&thread, &attr, deep, (void *)1));
    check("deep", join(thread) == (void *)1);
    gives("absurd size", 0, pthread_attr_setstacksize(&attr, 1ul << 45));
    gives("create without memory for it", EAGAIN, pthread_create(&thread, &attr, deep, (void *)1));
    pthread_attr_destroy(&attr);
    pthread_attr_init(&attr);
    char *mine = aligned_alloc(4096, 256 * 1024);
    gives("setstack of any alignment", 0, pthread_attr_setstack(&attr, (char *)mine + 3, 200001));
    gives("setstack", 0, pthread_attr_setstack(&attr, mine, 256 * 1024));
    gives("setstack of nothing", EINVAL, pthread_attr_setstack(&attr, mine, 100));
    gives("getstack", 0, pthread_attr_getstack(&attr, &stack, &size));
    check("own stack", stack == mine && size == 256 * 1024);
    for (int i = 0; i < 3; i++) {
        memset(mine, 0, 256 * 1024);
        gives("create on an own stack", 0, pthread_create(&thread, &attr, deep, (void *)2));
        check("deep on it", join(thread) == (void *)2);
        int used = 0;
        for (int byte = 0; byte < 256 * 1024; byte++)
            used += mine[byte] == 1;
        check("it ran there", used >= 32 * 1024);
    }
    pthread_attr_destroy(&attr);
    free(mine);
}

static void attributes(void)
{
    pthread_attr_t attr;
    struct sched_param parameter = {.sched_priority = 1000};
    int value;
    size_t size;
    pthread_attr_init(&attr);
    gives("wrong detach state", EINVAL, pthread_attr_setdetachstate(&attr, 7));
    gives("wrong inheritance", EINVAL, pthread_attr_setinheritsched(&attr, 7));
    gives("wrong policy", EINVAL, pthread_attr_setschedpolicy(&attr, 77));
    gives("wrong priority", EINVAL, pthread_attr_setschedparam(&attr, &parameter));
    gives("wrong scope", EINVAL, pthread_attr_setscope(&attr, 7));
    gives("process scope", ENOTSUP, pthread_attr_setscope(&attr, PTHREAD_SCOPE_PROCESS));
    gives("system scope", 0, pthread_attr_setscope(&attr, PTHREAD_SCOPE_SYSTEM));
    pthread_attr_getdetachstate(&attr, &value);
    check("joinable at first", value == PTHREAD_CREATE_JOINABLE);
    pthread_attr_getinheritsched(&attr, &value);
    check("inherited at first", value == PTHREAD_INHERIT_SCHED);
    gives("guard size", 0, pthread_attr_setguardsize(&attr, 12345));
    pthread_attr_getguardsize(&attr, &size);
    check("guard size kept", size == 12345);
    pthread_t thread;
    gives("destroy", 0, pthread_attr_destroy(&attr));
    gives("create with a destroyed attribute", EINVAL, pthread_create(&thread, &attr, add_one, NULL));
    gives("default attributes", 0, pthread_getattr_default_np(&attr));
    gives("stack of the default", 0, pthread_attr_setstacksize(&attr, 256 * 1024));
    gives("new default", 0, pthread_setattr_default_np(&attr));
    join(start(look_at_stack, (void *)(256l * 1024)));
    pthread_attr_destroy(&attr);
}

static void *own_errno(void *argument)
{
    errno = 0;
    close(-1);
    *(int *)argument = errno;
    return &errno;
}

static void own_things(void)
{
    int theirs;
    char name[16];
    errno = ERANGE;
    check("errno of its own", join(start(own_errno, &theirs)) != &errno && theirs == EBADF && errno == ERANGE);
    reached = go = 0;
    pthread_t thread = start(await_go, NULL);
    gives("a name that is too long", ERANGE, pthread_setname_np(thread, "sixteen letters!"));
    gives("setname", 0, pthread_setname_np(thread, "fifteen letters"));
    gives("getname", 0, pthread_getname_np(thread, name, sizeof name));
    check("the name", strcmp(name, "fifteen letters") == 0);
    gives("getname without space", ERANGE, pthread_getname_np(thread, name, 5));
    go = 1;
    join(thread);
    gives("concurrency", 0, pthread_setconcurrency(3));
    check("concurrency kept", pthread_getconcurrency() == 3);
    gives("wrong concurrency", EINVAL, pthread_setconcurrency(-1));
    check("tid of main", gettid() == 1);
}

int main(void)
{
    joining();
    misuse();
    detaching();
    stacks();
    attributes();
    own_things();
    return finish();
}
