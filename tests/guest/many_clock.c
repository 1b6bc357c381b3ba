// Time on many cores: clocks never go back from one thread to another, and no wait ends early or much too late.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <errno.h>
#include <semaphore.h>

static atomic_llong latest;
static atomic_long passed;
static long long until, late[64];
static int waits;

// Each adds its time to a common maximum: what it then sees was written before, so its next reading may not be less.
static void *hand_over(void *unused)
{
    while (now_ns() < until) {
        long long seen = latest, time = now_ns();
        check("the monotonic clock goes back between threads", time >= seen);
        while (time > seen && !atomic_compare_exchange_weak(&latest, &seen, time))
            ;
        passed++;
    }
    return unused;
}

static void note(const char *what, long long before, long long asked, long long result, long long expected)
{
    long long over = now_ns() - before - asked;
    check_is(what, result, expected);
    if (over < 0)
        printf("%s: %lld ns too early\n", what, -over);
    check("a wait is over too early", over >= 0);
    late[waits++] = over;
}

static int by_size(const void *a, const void *b)
{
    long long left = *(const long long *)a, right = *(const long long *)b;
    return left < right ? -1 : left > right;
}

// The median: others on this host may delay any single wait.
static void judge(const char *what)
{
    qsort(late, (size_t)waits, sizeof *late, by_size);
    printf("%s: late by %lld us in the middle, %lld us at most\n", what, late[waits / 2] / 1000, late[waits - 1] / 1000);
    check("a wait is late by less than 2 ms", late[waits / 2] < 2000000);
    waits = 0;
}

static void precision(void)
{
    static const long asked[] = {50000, 500000, 2000000};
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    check_is("condattr_setclock", pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC), 0);
    pthread_cond_init(&condition, &monotonic);
    for (int i = 0; i < 15; i++) {
        struct timespec pause = {0, asked[i % 3]};
        long long before = now_ns();
        note("nanosleep", before, pause.tv_nsec, nanosleep(&pause, NULL), 0);
    }
    judge("nanosleep");
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 15; i++) {
        long long before = now_ns();
        struct timespec deadline = time_after(CLOCK_MONOTONIC, asked[i % 3]);
        note("cond_timedwait", before, asked[i % 3], pthread_cond_timedwait(&condition, &mutex, &deadline), ETIMEDOUT);
    }
    pthread_mutex_unlock(&mutex);
    judge("cond_timedwait");
    sem_t empty;
    sem_init(&empty, 0, 0);
    for (int i = 0; i < 15; i++) {
        long long before = now_ns();
        struct timespec deadline = time_after(CLOCK_REALTIME, asked[i % 3]);
        int result = sem_timedwait(&empty, &deadline);
        // the realtime clock may be a little off the monotonic one over so short a time
        note("sem_timedwait", before - 20000, asked[i % 3], result ? errno : 0, ETIMEDOUT);
    }
    judge("sem_timedwait");
}

static void *burn(void *clock)
{
    struct timespec time;
    long long before = now_ns();
    do
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    while (time.tv_sec == 0 && time.tv_nsec < 20000000 && now_ns() - before < 10000000000);
    check("a thread's own time comes to 20 ms", time.tv_sec > 0 || time.tv_nsec >= 20000000);
    check("a thread has no more time than passed", now_ns() - before >= 19000000);
    check_is("getcpuclockid", pthread_getcpuclockid(pthread_self(), clock), 0);
    return NULL;
}

static void cpu_time(void)
{
    struct timespec before, after, process;
    clockid_t clock;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
    pthread_t other = start(burn, &clock);
    end(other);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
    long long used = (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec;
    check("who waits uses no time", used < 15000000);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &process);
    check("a process has the time of all its threads", process.tv_sec > 0 || process.tv_nsec >= 20000000);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        budget *= atoi(argv[1]);
    until = now_ns() + budget * 1000000LL;
    in_threads(6, hand_over);
    printf("%ld readings\n", passed);
    check("the clock is read", passed > 6);
    precision();
    cpu_time();
    return conclude();
}
