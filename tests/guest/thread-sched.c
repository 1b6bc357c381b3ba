// Scheduling: policies, priorities, inheritance, ceilings, affinity, sets of cores, clocks of processor time.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <sched.h>

#include "threads.h"

static atomic_int reached, go;

static void *await_go(void *argument)
{
    reached++;
    while (!go)
        sleep_ms(1);
    return argument;
}

static void *own_schedule(void *argument)
{
    struct sched_param parameter;
    int policy;
    gives("getschedparam", 0, pthread_getschedparam(pthread_self(), &policy, &parameter));
    (void)argument;
    return (void *)(long)(policy * 100 + parameter.sched_priority);
}

static void limits(void)
{
    struct timespec slice;
    check("priorities of FIFO", sched_get_priority_min(SCHED_FIFO) == 1 && sched_get_priority_max(SCHED_FIFO) == 31);
    check("priorities of RR", sched_get_priority_max(SCHED_RR) - sched_get_priority_min(SCHED_RR) >= 30);
    check("priorities of OTHER", sched_get_priority_min(SCHED_OTHER) == 0 && sched_get_priority_max(SCHED_OTHER) == 0);
    check("no such policy", sched_get_priority_max(99) == -1 && errno == EINVAL);
    gives("rr_get_interval", 0, sched_rr_get_interval(0, &slice));
    check("a slice", slice.tv_sec == 0 && slice.tv_nsec > 0);
    gives("yield", 0, sched_yield());
    check("getscheduler", sched_getscheduler(0) == SCHED_OTHER);
    check("getscheduler of nobody", sched_getscheduler(30000) == -1 && errno == ESRCH);
    struct sched_param parameter = {.sched_priority = 5};
    check("a priority of OTHER", sched_setscheduler(0, SCHED_OTHER, &parameter) == -1 && errno == EINVAL);
    gives("setscheduler", 0, sched_setscheduler(0, SCHED_RR, &parameter));
    parameter.sched_priority = 0;
    gives("getparam", 0, sched_getparam(0, &parameter));
    check("RR with 5", sched_getscheduler(0) == SCHED_RR && parameter.sched_priority == 5);
    parameter.sched_priority = 9;
    gives("setparam", 0, sched_setparam(0, &parameter));
    check("inherited", join(start(own_schedule, NULL)) == (void *)209);
    parameter.sched_priority = 0;
    gives("back", 0, sched_setscheduler(0, SCHED_OTHER, &parameter));
}

static void of_threads(void)
{
    struct sched_param parameter = {.sched_priority = 7};
    pthread_attr_t attr;
    pthread_t thread;
    int policy;
    pthread_attr_init(&attr);
    pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
    pthread_attr_setschedparam(&attr, &parameter);
    gives("create, inheriting", 0, pthread_create(&thread, &attr, own_schedule, NULL));
    check("the attribute does not count", join(thread) == (void *)0);
    pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
    gives("create, explicit", 0, pthread_create(&thread, &attr, own_schedule, NULL));
    check("FIFO with 7", join(thread) == (void *)107);
    parameter.sched_priority = 0;
    pthread_attr_setschedparam(&attr, &parameter);
    gives("FIFO without priority", EINVAL, pthread_create(&thread, &attr, own_schedule, NULL));
    pthread_attr_destroy(&attr);
    reached = go = 0;
    thread = start(await_go, NULL);
    reaches(&reached, 1);
    parameter.sched_priority = 12;
    gives("setschedparam", 0, pthread_setschedparam(thread, SCHED_FIFO, &parameter));
    gives("setschedprio", 0, pthread_setschedprio(thread, 13));
    gives("too high", EINVAL, pthread_setschedprio(thread, 32));
    gives("wrong policy", EINVAL, pthread_setschedparam(thread, 55, &parameter));
    gives("getschedparam", 0, pthread_getschedparam(thread, &policy, &parameter));
    check("FIFO with 13", policy == SCHED_FIFO && parameter.sched_priority == 13);
    go = 1;
    join(thread);
    gives("of one that is gone", ESRCH, pthread_getschedparam(thread, &policy, &parameter));
}

static void ceilings(void)
{
    pthread_mutexattr_t attr;
    pthread_mutex_t low, high;
    struct sched_param parameter = {.sched_priority = 10};
    int ceiling, policy;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_PROTECT);
    pthread_mutexattr_setprioceiling(&attr, 5);
    pthread_mutex_init(&low, &attr);
    pthread_mutexattr_setprioceiling(&attr, 15);
    pthread_mutex_init(&high, &attr);
    gives("getprioceiling", 0, pthread_mutex_getprioceiling(&low, &ceiling));
    check("ceiling", ceiling == 5);
    gives("lock", 0, pthread_mutex_lock(&high));
    gives("lock", 0, pthread_mutex_lock(&low));
    pthread_getschedparam(pthread_self(), &policy, &parameter);
    check("its own schedule is told", policy == SCHED_OTHER && parameter.sched_priority == 0);
    gives("unlock", 0, pthread_mutex_unlock(&high));
    gives("unlock", 0, pthread_mutex_unlock(&low));
    check("back to its own", sched_getscheduler(0) == SCHED_OTHER);
    parameter.sched_priority = 10;
    pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter);
    gives("lock below one's priority", EINVAL, pthread_mutex_lock(&low));
    gives("lock above it", 0, pthread_mutex_lock(&high));
    gives("setprioceiling while holding it", 0, pthread_mutex_setprioceiling(&high, 20, &ceiling));
    check("the old ceiling", ceiling == 15);
    gives("unlock", 0, pthread_mutex_unlock(&high));
    gives("setprioceiling", 0, pthread_mutex_setprioceiling(&low, 31, &ceiling));
    gives("lock with the new one", 0, pthread_mutex_lock(&low));
    pthread_getschedparam(pthread_self(), &policy, &parameter);
    check("own priority", parameter.sched_priority == 10);
    gives("unlock", 0, pthread_mutex_unlock(&low));
    gives("wrong ceiling", EINVAL, pthread_mutex_setprioceiling(&low, 32, &ceiling));
    pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
    gives("no ceiling", EINVAL, pthread_mutex_getprioceiling(&plain, &ceiling));
    parameter.sched_priority = 0;
    pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameter);
}

static void *core_of(void *argument)
{
    (void)argument;
    return (void *)(long)sched_getcpu();
}

static void sets(void)
{
    cpu_set_t set, other;
    CPU_ZERO(&set);
    CPU_SET(3, &set);
    CPU_SET(700, &set);
    CPU_SET(100000, &set);
    check("set", CPU_COUNT(&set) == 2 && CPU_ISSET(700, &set) && !CPU_ISSET(4, &set) && !CPU_ISSET(100000, &set));
    CPU_ZERO(&other);
    CPU_SET(3, &other);
    cpu_set_t both;
    CPU_AND(&both, &set, &other);
    check("and", CPU_EQUAL(&both, &other));
    CPU_XOR(&both, &set, &other);
    check("xor", CPU_COUNT(&both) == 1 && CPU_ISSET(700, &both));
    CPU_OR(&both, &both, &other);
    check("or", CPU_EQUAL(&both, &set));
    CPU_CLR(700, &both);
    check("clr", CPU_EQUAL(&both, &other));
    cpu_set_t *large = CPU_ALLOC(5000);
    size_t size = CPU_ALLOC_SIZE(5000);
    CPU_ZERO_S(size, large);
    CPU_SET_S(4999, size, large);
    check("a large set", CPU_ISSET_S(4999, size, large) && CPU_COUNT_S(size, large) == 1 && size >= 625);
    CPU_FREE(large);
}

static void affinity(void)
{
    cpu_set_t all, one, got;
    pthread_attr_t attr;
    pthread_t thread;
    gives("sched_getaffinity", 0, sched_getaffinity(0, sizeof all, &all));
    int cores = CPU_COUNT(&all);
    check("as many cores as there are", cores == sysconf(_SC_NPROCESSORS_ONLN));
    for (int core = 0; core < cores; core++) {
        CPU_ZERO(&one);
        CPU_SET(core, &one);
        gives("setaffinity", 0, pthread_setaffinity_np(pthread_self(), sizeof one, &one));
        check("there", sched_getcpu() == core);
        gives("getaffinity", 0, pthread_getaffinity_np(pthread_self(), sizeof got, &got));
        check("as set", CPU_EQUAL(&got, &one));
        check("inherited", join(start(core_of, NULL)) == (void *)(long)core);
    }
    gives("all again", 0, sched_setaffinity(0, sizeof all, &all));
    pthread_attr_init(&attr);
    for (int core = 0; core < cores; core++) {
        CPU_ZERO(&one);
        CPU_SET(core, &one);
        gives("attr_setaffinity", 0, pthread_attr_setaffinity_np(&attr, sizeof one, &one));
        gives("attr_getaffinity", 0, pthread_attr_getaffinity_np(&attr, sizeof got, &got));
        check("as set in the attribute", CPU_EQUAL(&got, &one));
        gives("create there", 0, pthread_create(&thread, &attr, core_of, NULL));
        check("it ran there", join(thread) == (void *)(long)core);
    }
    CPU_ZERO(&one);
    gives("no core at all", EINVAL, pthread_setaffinity_np(pthread_self(), sizeof one, &one));
    CPU_SET(900, &one);
    gives("a core that is not there", EINVAL, pthread_setaffinity_np(pthread_self(), sizeof one, &one));
    gives("create there", EINVAL, (pthread_attr_setaffinity_np(&attr, sizeof one, &one),
                                   pthread_create(&thread, &attr, core_of, NULL)));
    pthread_attr_destroy(&attr);
    unsigned core, node;
    gives("getcpu", 0, getcpu(&core, &node));
    check("a core", (int)core < cores && node == 0);
}

static void *burn(void *argument)
{
    clockid_t clock;
    pthread_getcpuclockid(pthread_self(), &clock);
    while (now(clock) < 30 * MS)
        ;
    reached++;
    while (!go)
        sleep_ms(1);
    return argument;
}

static void clocks(void)
{
    clockid_t clock;
    reached = go = 0;
    pthread_t thread = start(burn, NULL);
    gives("getcpuclockid", 0, pthread_getcpuclockid(thread, &clock));
    reaches(&reached, 1);
    long long theirs = now(clock), mine = now(CLOCK_THREAD_CPUTIME_ID);
    check("another one's time", theirs >= 30 * MS);
    check("not mine", mine < now(CLOCK_PROCESS_CPUTIME_ID) && now(CLOCK_PROCESS_CPUTIME_ID) >= 30 * MS);
    go = 1;
    join(thread);
    struct timespec time;
    check("its clock is gone", clock_gettime(clock, &time) == -1 && errno == EINVAL);
    gives("clock_getcpuclockid", 0, clock_getcpuclockid(0, &clock));
    check("the process's", clock == CLOCK_PROCESS_CPUTIME_ID);
    gives("of another process", ESRCH, clock_getcpuclockid(4711, &clock));
}

int main(void)
{
    limits();
    of_threads();
    ceilings();
    sets();
    affinity();
    clocks();
    return finish();
}
