// Urgent threads beside ordinary ones: who waits behind a FIFO thread runs on another core, FIFO threads do not interrupt their equals,
// and of those that can run the most urgent ones do, as many as there are cores.
// SPDX-License-Identifier: BSD-3-Clause
#include <hermit/syscalls.h>
#include <stdatomic.h>
#include <stdio.h>

enum { OTHER = 0, FIFO = 1, MS = 1000000 };

static atomic_int stop, failures;

struct worker {
    int tid;
    volatile uint32_t running, go;
    atomic_ulong count;
};

static uint64_t now(void)
{
    return sys_get_ticks();
}

static void expect(int good, const char *what)
{
    if (!good)
        printf("FAILED: %s\n", what);
    failures += !good;
}

// Counts until all shall stop.
static void count(void *argument)
{
    struct worker *self = argument;

    while (!stop)
        self->count++;
    sys_thread_end(&self->running);
}

// The same, after it was let go.
static void count_later(void *argument)
{
    struct worker *self = argument;

    while (!self->go)
        sys_futex_wait(&self->go, 0, NULL);
    count(argument);
}

// The same, after a moment of sleep.
static void count_after_sleep(void *argument)
{
    sys_msleep(300);
    count(argument);
}

static void begin(struct worker *worker, void (*function)(void *), int policy, int priority, uint64_t cores)
{
    struct sys_thread_options options = {.policy = policy, .priority = priority};
    struct sys_thread made;

    if (cores) {
        options.affinity = &cores;
        options.affinity_words = 1;
    }
    worker->running = 1;
    worker->go = 0;
    worker->count = 0;
    expect(sys_thread_new(&options, &made) == 0, "a new thread");
    worker->tid = made.tid;
    sys_thread_start(made.tid, function, worker);
}

static void end(struct worker *workers, int count)
{
    stop = 1;
    for (int i = 0; i < count; i++) {
        while (workers[i].running)
            sys_futex_wait(&workers[i].running, 1, NULL);
        sys_thread_free(workers[i].tid);
    }
    stop = 0;
}

static void let_go(struct worker *worker)
{
    worker->go = 1;
    sys_futex_wake(&worker->go, 1);
}

// Keeps this core busy until the time is over or the worker has counted.
static int counts(struct worker *worker, unsigned ms)
{
    unsigned long before = worker->count;
    uint64_t end = now() + (uint64_t)ms * MS;

    while (now() < end)
        if (worker->count != before)
            return 1;
    return 0;
}

// The creator never waits, and is more urgent: another core has to take the new thread.
static void behind_creator(void)
{
    struct worker worker;

    sys_sched_set(0, FIFO, 10);
    for (int i = 0; i < 4; i++) {
        begin(&worker, count, OTHER, 0, 0);
        expect(counts(&worker, 2000), "a thread behind its urgent creator runs elsewhere");
        end(&worker, 1);
        sys_msleep(5); // the other core halts
    }
    sys_sched_set(0, OTHER, 0);
}

// Three ordinary threads and one that never ends its turn: all of them get on.
static void beside_hog(void)
{
    struct worker workers[4];

    begin(&workers[0], count, FIFO, 10, 1 << 1);
    for (int i = 1; i < 4; i++)
        begin(&workers[i], count, OTHER, 0, 0);
    sys_msleep(300);
    for (int i = 0; i < 4; i++)
        expect(counts(&workers[i], 1000), "each of several threads gets on beside an urgent one");
    end(workers, 4);
}

// It waits where an urgent thread runs when it wakes, and the other core is busy with an equal.
static void wakes_behind_hog(void)
{
    static const uint64_t all = 3;
    struct worker worker, hog;

    for (int i = 0; i < 10; i++) {
        begin(&worker, count_later, OTHER, 0, 1 << 1);
        sys_msleep(2);
        sys_affinity_set(worker.tid, &all, 1);
        begin(&hog, count, FIFO, 10, 1 << 1);
        expect(counts(&hog, 1000), "an urgent thread runs");
        let_go(&worker);
        expect(counts(&worker, 1000), "who wakes behind an urgent thread runs elsewhere");
        end(&worker, 1);
        end(&hog, 1);
    }
}

static void equals(void)
{
    struct worker workers[2];
    static const uint64_t first = 1;

    sys_affinity_set(0, &first, 1);
    begin(&workers[0], count_after_sleep, FIFO, 10, 1 << 1);
    sys_msleep(50);
    begin(&workers[1], count, FIFO, 10, 1 << 1);
    expect(counts(&workers[1], 200), "a FIFO thread runs");
    sys_msleep(400);
    expect(workers[0].count == 0, "a FIFO thread whose sleep is over waits until its equal does");
    end(workers, 2);
}

static void least_urgent(void)
{
    static const uint64_t all = 3;
    struct worker low, high, normal;

    begin(&normal, count, OTHER, 0, 1);
    begin(&high, count_later, FIFO, 20, 1 << 1);
    sys_msleep(2);
    sys_affinity_set(high.tid, &all, 1);
    begin(&low, count, FIFO, 10, 1 << 1);
    sys_sched_set(0, FIFO, 30); // that it is heard
    sys_msleep(5);
    sys_affinity_set(low.tid, &all, 1);
    let_go(&high);
    sys_msleep(50);
    unsigned long before[] = {low.count, high.count};
    sys_msleep(50);
    expect(low.count != before[0] && high.count != before[1], "two urgent threads run, not one and an ordinary one");
    end(&normal, 1);
    end(&high, 1);
    end(&low, 1);
    sys_sched_set(0, OTHER, 0);
}

// A boost outlives a change of the priority that it stands above.
static void boosted(void)
{
    static const uint64_t first = 1;
    struct worker waiter, middle;

    sys_affinity_set(0, &first, 1);
    sys_sched_set(0, FIFO, 5);
    begin(&waiter, count_later, FIFO, 20, 1 << 1);
    sys_sched_boost(sys_gettid(), waiter.tid);
    sys_sched_set(0, FIFO, 4);
    begin(&middle, count, FIFO, 10, first);
    expect(!counts(&middle, 20), "a boosted thread goes before one that is more urgent without the boost");
    stop = 1; // it counts once at most
    sys_sched_unboost();
    sys_sched_set(0, OTHER, 0);
    let_go(&waiter);
    end(&middle, 1);
    stop = 1;
    end(&waiter, 1);
}

int main(void)
{
    static const uint64_t all = 3;

    behind_creator();
    beside_hog();
    wakes_behind_hog();
    equals();
    sys_affinity_set(0, &all, 1);
    least_urgent();
    boosted();
    printf("%d failures\n", failures);
    return failures != 0;
}
