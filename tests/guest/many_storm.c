// Creates threads in storms, in turn, from each other and by the hundred, and looks for what they leave behind.
// SPDX-License-Identifier: BSD-3-Clause
#include "manycore.h"
#include <errno.h>
#ifdef __hermit__
#include <hermit/syscalls.h>
#endif

static atomic_long ran;

static void *count_and_double(void *number)
{
    ran++;
    return (void *)((long)number * 2);
}

// What is left of memory must be the same after ten thousand threads: 64 KiB would be 6 bytes a thread.
static void in_turn(int count)
{
    uint64_t free_before = 0, free_after = 0;
    for (int round = 0; round < 2; round++) { // the first round fills pools and caches
        ran = 0;
#ifdef __hermit__
        free_before = sys_memory_free();
#endif
        for (long number = 0; number < (round ? count : 64); number++)
            if (end(start(count_and_double, (void *)number)) != (void *)(number * 2))
                check("a thread's result", 0);
    }
#ifdef __hermit__
    free_after = sys_memory_free();
#endif
    check_is("threads that ran in turn", ran, count);
    check("ten thousand threads leave nothing", free_before <= free_after + 65536);
}

static void *creator(void *number)
{
    long long until = now_ns() + budget * 1000000LL / 2;
    pthread_t made[8];
    long created = 0;
    do {
        for (long i = 0; i < 8; i++)
            made[i] = start(count_and_double, (void *)i);
        for (long i = 0; i < 8; i++)
            if (end(made[i]) != (void *)(i * 2))
                check("a result in the storm", 0);
        created += 8;
    } while (now_ns() < until);
    (void)number;
    return (void *)created;
}

static void storm(void)
{
    pthread_t made[4];
    long created = 0;
    ran = 0;
    for (long i = 0; i < 4; i++)
        made[i] = start(creator, (void *)i);
    for (int i = 0; i < 4; i++)
        created += (long)end(made[i]);
    check_is("threads that ran in the storm", ran, created);
}

static pthread_barrier_t all_here;

static void *stay(void *number)
{
    volatile char frame[2000]; // their stacks are their own
    memset((void *)frame, (int)(long)number, sizeof frame);
    pthread_barrier_wait(&all_here);
    for (unsigned i = 0; i < sizeof frame; i++)
        if (frame[i] != (char)(long)number) {
            check("a stack of its own", 0);
            break;
        }
    return number;
}

static void at_once(int count)
{
    pthread_barrier_init(&all_here, NULL, (unsigned)count);
    in_threads(count, stay);
    pthread_barrier_destroy(&all_here);
}

static atomic_int detached_left;

static void *detached(void *unused)
{
    pthread_detach(pthread_self());
    detached_left--;
    return unused;
}

static void detach(int count)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    detached_left = count;
    for (int i = 0; i < count; i++) {
        pthread_t made;
        int error = pthread_create(&made, i & 1 ? &attributes : NULL, i & 1 ? count_and_double : detached, NULL);
        check_is("a detached thread", error, 0);
        detached_left -= i & 1;
    }
    for (int i = 0; i < 2000 && detached_left; i++)
        sleep_ms(1);
    check_is("detached threads that did not run", detached_left, 0);
    pthread_attr_destroy(&attributes);
}

static void *family(void *depth)
{
    long below = (long)depth;
    if (below == 0)
        return (void *)1;
    pthread_t left = start(family, (void *)(below - 1)), right = start(family, (void *)(below - 1));
    return (void *)((long)end(left) + (long)end(right) + 1);
}

__attribute__((noinline)) static int depth_of(int depth)
{
    volatile char frame[1000];
    frame[depth % 1000] = 1; // looked at after the call, so that this stays a recursion
    int below = depth ? depth_of(depth - 1) : -1;
    return below + frame[depth % 1000];
}

static void *deep(void *kilobytes)
{
    int depth = (int)(long)kilobytes * 7 / 8 - 16;
    check_is("depth of a recursion", depth_of(depth), depth);
    return NULL;
}

static void stack_sizes(void)
{
    static const int kilobytes[] = {64, 256, 1024, 8192};
    for (unsigned i = 0; i < sizeof kilobytes / sizeof *kilobytes; i++) {
        pthread_attr_t attributes;
        pthread_attr_init(&attributes);
        check_is("setstacksize", pthread_attr_setstacksize(&attributes, (size_t)kilobytes[i] << 10), 0);
        pthread_t made;
        check_is("a stack as asked", pthread_create(&made, &attributes, deep, (void *)(long)kilobytes[i]), 0);
        end(made);
        pthread_attr_destroy(&attributes);
    }
    pthread_attr_t huge;
    pthread_attr_init(&huge);
    pthread_attr_setstacksize(&huge, (size_t)1 << 44);
    pthread_t never;
    check_is("a stack larger than memory", pthread_create(&never, &huge, deep, NULL), EAGAIN);
    pthread_attr_destroy(&huge);
}

// How long each part took: what is slow here is slow in programs.
static void lap(const char *part)
{
    static long long before;
    long long now = now_ns();
    if (before)
        printf("%s: %lld ms\n", part, (now - before) / 1000000);
    before = now;
}

int main(int argc, char **argv)
{
    int scale = argc > 1 ? atoi(argv[1]) : 1;
    budget *= scale;
    lap("start");
    in_turn(scale * 1000);
    lap("in turn");
    stack_sizes(); // before there are hundreds of stacks that could be given back to memory
    lap("stacks of all sizes");
    storm();
    lap("a storm");
    at_once(argc > 2 ? atoi(argv[2]) : 256);
    lap("at once");
    detach(scale * 100);
    lap("detached");
    check_is("a family of threads", (long)end(start(family, (void *)6)), 127);
    lap("a family");
    return conclude();
}
