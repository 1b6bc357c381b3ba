// The scheduler: spinners share a core, sleepers get it in time, priorities hold, affinity holds, a lone thread is not disturbed.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <errno.h>
#include <unistd.h>
#ifdef __hermit__
#include <hermit/syscalls.h>
#endif

enum { SPINNERS = 6 };

static atomic_int stop, order, running;
static atomic_long turns[SPINNERS];
static int cores;

static void pin_to(int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    check_is("setaffinity", pthread_setaffinity_np(pthread_self(), sizeof set, &set), 0);
    check_is("runs where it must", sched_getcpu(), core);
}

static void *spin_on_first_core(void *number)
{
    pin_to(0);
    while (!stop)
        turns[(long)number]++;
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    long long left = *(const long long *)a, right = *(const long long *)b;
    return left < right ? -1 : left > right;
}

// All on core 0 and never giving way: each still progresses, and whoever sleeps there is back in time.
static void spinners(void)
{
    pthread_t made[SPINNERS];
    stop = 0;
    for (long i = 0; i < SPINNERS; i++)
        made[i] = start(spin_on_first_core, (void *)i);
    pin_to(0);
    static long long late[4096];
    int sleeps = 0;
    for (long long until = now_ns() + 6LL * budget * 1000000; now_ns() < until && sleeps < 4096; sleeps++) {
        long long before = now_ns();
        sleep_ms(2);
        late[sleeps] = now_ns() - before - 2000000;
        check("sleeps are never too short", late[sleeps] >= 0);
    }
    qsort(late, (size_t)sleeps, sizeof *late, by_size);
    stop = 1;
    long least = turns[0], most = turns[0];
    for (int i = 0; i < SPINNERS; i++) {
        end(made[i]);
        least = turns[i] < least ? turns[i] : least;
        most = turns[i] > most ? turns[i] : most;
    }
    printf("spinners: %ld to %ld turns; a sleeper among them was late by %lld us in the middle, %lld us at most\n", least, most,
           late[sleeps / 2] / 1000, late[sleeps - 1] / 1000);
    check("every spinner progresses", least > 0);
    check("no spinner gets a tenth of another's time", least > most / 10);
    check("a sleeper is back in time", late[sleeps / 2] < 5000000); // else it waits for slices to end; less a busy host takes
}

static void *spin_until_told(void *unused)
{
    running++;
    while (!stop)
        ;
    return unused;
}

static void *tell(void *unused)
{
    stop = 1;
    return unused;
}

// More threads that spin for each other than there are cores: only time slices bring it to an end.
static void spin_for_each_other(void)
{
    pthread_t made[12];
    stop = running = 0;
    for (int i = 0; i < 12; i++)
        made[i] = start(spin_until_told, NULL);
    while (running < 12)
        ;
    pthread_t teller = start(tell, NULL);
    while (!stop)
        ;
    end(teller);
    for (int i = 0; i < 12; i++)
        end(made[i]);
}

static int place[3];

static void *take_place(void *index)
{
    place[(long)index] = ++order;
    return NULL;
}

// Made in rising urgency on a core that its FIFO creator holds: they must run in falling urgency, once it waits for them.
static void priorities(void)
{
    struct sched_param most = {.sched_priority = sched_get_priority_max(SCHED_FIFO)};
    int least = sched_get_priority_min(SCHED_FIFO);
    if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &most) == EPERM)
        return; // Linux, without rights
    pthread_t made[3];
    pin_to(0);
    for (long i = 0; i < 3; i++) {
        pthread_attr_t attributes;
        struct sched_param urgency = {.sched_priority = least + (int)i};
        pthread_attr_init(&attributes);
        pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
        pthread_attr_setschedpolicy(&attributes, SCHED_FIFO);
        check_is("setschedparam of attributes", pthread_attr_setschedparam(&attributes, &urgency), 0);
        check_is("a thread with a priority", pthread_create(&made[i], &attributes, take_place, (void *)i), 0);
        pthread_attr_destroy(&attributes);
    }
    check_is("no less urgent thread ran", order, 0);
    for (int i = 0; i < 3; i++)
        end(made[i]);
    for (int i = 0; i < 3; i++)
        check_is("place in the order of urgency", place[i], 3 - i);
    struct sched_param usual = {.sched_priority = 0};
    check_is("back to SCHED_OTHER", pthread_setschedparam(pthread_self(), SCHED_OTHER, &usual), 0);
}

static void *other_core_works(void *unused)
{
    pin_to(cores - 1);
    running++;
    while (!stop)
        ;
    return unused;
}

static void affinity(void)
{
    cpu_set_t set;
    check_is("cores", sysconf(_SC_NPROCESSORS_ONLN), cores);
    for (int core = 0; core < cores; core++)
        pin_to(core);
    CPU_ZERO(&set);
    CPU_SET(cores, &set);
    check_is("a core that there is not", pthread_setaffinity_np(pthread_self(), sizeof set, &set), EINVAL);
    CPU_ZERO(&set);
    for (int core = 0; core < cores; core++)
        CPU_SET(core, &set);
    check_is("all cores", pthread_setaffinity_np(pthread_self(), sizeof set, &set), 0);
    CPU_ZERO(&set);
    check_is("getaffinity", sched_getaffinity(0, sizeof set, &set), 0);
    check_is("cores of this thread", CPU_COUNT(&set), cores);
}

// One thread a core, both busy: neither core may take a single interrupt of the guest's own making.
static void tickless(void)
{
    stop = running = 0;
    pin_to(0);
    pthread_t other = cores > 1 ? start(other_core_works, NULL) : pthread_self();
    while (cores > 1 && !running)
        ;
    sleep_ms(20); // what was under way when they moved has happened then
#ifdef __hermit__
    uint64_t before = sys_interrupts(0), there = sys_interrupts(cores - 1);
#endif
    for (long long until = now_ns() + 2LL * budget * 1000000; now_ns() < until;)
        ;
#ifdef __hermit__
    check_is("interrupts of a lone thread's core", (long long)(sys_interrupts(0) - before), 0);
    check_is("interrupts of the other's", (long long)(sys_interrupts(cores - 1) - there), 0);
#endif
    stop = 1;
    if (cores > 1)
        end(other);
}

int main(int argc, char **argv)
{
    cores = argc > 1 ? atoi(argv[1]) : (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (argc > 2)
        budget *= atoi(argv[2]);
    tickless();
    spinners();
    affinity();
    spin_for_each_other();
    priorities();
    return conclude();
}
