// Mutexes: kinds, errors, timeouts, mutual exclusion, robust ones.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "threads.h"

enum { ROUNDS = 20000, THREADS = 4 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static pthread_mutex_t made(int type, int protocol, int robust)
{
    pthread_mutex_t made;
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    gives("settype", 0, pthread_mutexattr_settype(&attr, type));
    gives("setprotocol", 0, pthread_mutexattr_setprotocol(&attr, protocol));
    gives("setrobust", 0, pthread_mutexattr_setrobust(&attr, robust));
    gives("setpshared", 0, pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
    gives("mutex_init", 0, pthread_mutex_init(&made, &attr));
    pthread_mutexattr_destroy(&attr);
    return made;
}

static void *try(void *argument)
{
    return (void *)(long)pthread_mutex_trylock(argument);
}

static void *unlock(void *argument)
{
    return (void *)(long)pthread_mutex_unlock(argument);
}

static void *lock_in_time(void *argument)
{
    struct timespec soon = in_ms(CLOCK_REALTIME, 20), mono = in_ms(CLOCK_MONOTONIC, 20);
    long long before = now(CLOCK_MONOTONIC);
    gives("timedlock", ETIMEDOUT, pthread_mutex_timedlock(argument, &soon));
    check("timedlock waited", now(CLOCK_MONOTONIC) - before >= 19 * MS);
    gives("clocklock", ETIMEDOUT, pthread_mutex_clocklock(argument, CLOCK_MONOTONIC, &mono));
    struct timespec wrong = {1, -1}, past = {1, 0}, negative = {-1, 0};
    gives("timedlock with a wrong time", EINVAL, pthread_mutex_timedlock(argument, &wrong));
    gives("timedlock of the past", ETIMEDOUT, pthread_mutex_timedlock(argument, &past));
    gives("timedlock before all time", ETIMEDOUT, pthread_mutex_timedlock(argument, &negative));
    gives("clocklock with another clock", EINVAL, pthread_mutex_clocklock(argument, CLOCK_PROCESS_CPUTIME_ID, &past));
    return NULL;
}

static void kinds(int protocol, int robust)
{
    pthread_mutex_t plain = made(PTHREAD_MUTEX_NORMAL, protocol, robust);
    pthread_mutex_t checked = made(PTHREAD_MUTEX_ERRORCHECK, protocol, robust);
    pthread_mutex_t again = made(PTHREAD_MUTEX_RECURSIVE, protocol, robust);
    pthread_mutex_t *all[] = {&plain, &checked, &again};
    for (int i = 0; i < 3; i++) {
        pthread_mutex_t *m = all[i];
        struct timespec wrong = {1, -1};
        gives("timedlock of a free mutex", 0, pthread_mutex_timedlock(m, &wrong));
        check("trylock by another one", join(start(try, m)) == (void *)EBUSY);
        join(start(lock_in_time, m));
        gives("destroy of a held mutex", EBUSY, pthread_mutex_destroy(m));
        if (i > 0 || robust || protocol)
            check("unlock by a stranger", join(start(unlock, m)) == (void *)EPERM);
        gives("unlock", 0, pthread_mutex_unlock(m));
        if (i > 0)
            gives("unlock of a free mutex", EPERM, pthread_mutex_unlock(m));
    }
    pthread_mutex_lock(&checked);
    gives("relock", EDEADLK, pthread_mutex_lock(&checked));
    gives("trylock again", EBUSY, pthread_mutex_trylock(&checked));
    pthread_mutex_unlock(&checked);
    for (int i = 0; i < 5; i++)
        gives("recursive lock", 0, i % 2 ? pthread_mutex_lock(&again) : pthread_mutex_trylock(&again));
    for (int i = 0; i < 5; i++) {
        check("still held", join(start(try, &again)) == (void *)EBUSY);
        gives("recursive unlock", 0, pthread_mutex_unlock(&again));
    }
    check("free at last", join(start(try, &again)) == 0 || robust);
    for (int i = 0; i < 2; i++) {
        gives("destroy", 0, pthread_mutex_destroy(all[i]));
        gives("lock of a destroyed mutex", EINVAL, pthread_mutex_lock(all[i]));
        gives("destroy again", EINVAL, pthread_mutex_destroy(all[i]));
    }
}

static void *count_up(void *argument)
{
    pthread_mutex_t *m = argument;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(m);
        counter++;
        pthread_mutex_unlock(m);
    }
    return NULL;
}

static void exclusion(pthread_mutex_t *m)
{
    pthread_t threads[THREADS];
    counter = 0;
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(count_up, m);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    check("nobody counts at the same time", counter == ROUNDS * THREADS);
}

static void *die_with(void *argument)
{
    gives("lock before dying", 0, pthread_mutex_lock(argument));
    return NULL;
}

static void *wait_for(void *argument)
{
    return (void *)(long)pthread_mutex_lock(argument);
}

static void *die_slowly(void *argument)
{
    pthread_mutex_lock(argument);
    sleep_ms(50);
    return NULL;
}

static void robust(int protocol)
{
    pthread_mutex_t m = made(PTHREAD_MUTEX_NORMAL, protocol, PTHREAD_MUTEX_ROBUST);
    join(start(die_with, &m));
    gives("consistent too early", EINVAL, pthread_mutex_consistent(&m));
    gives("trylock after the owner's death", EOWNERDEAD, pthread_mutex_trylock(&m));
    gives("consistent", 0, pthread_mutex_consistent(&m));
    gives("consistent twice", EINVAL, pthread_mutex_consistent(&m));
    gives("unlock", 0, pthread_mutex_unlock(&m));
    gives("lock", 0, pthread_mutex_lock(&m));
    gives("unlock", 0, pthread_mutex_unlock(&m));
    pthread_t dying = start(die_slowly, &m);
    sleep_ms(20);
    pthread_t waiting = start(wait_for, &m);
    join(dying);
    check("a waiter learns of the death", join(waiting) == (void *)EOWNERDEAD);
    gives("and dies as well", EOWNERDEAD, pthread_mutex_lock(&m));
    gives("unlock without consistent", 0, pthread_mutex_unlock(&m));
    gives("lock for ever after", ENOTRECOVERABLE, pthread_mutex_lock(&m));
    gives("trylock for ever after", ENOTRECOVERABLE, pthread_mutex_trylock(&m));
    gives("destroy", 0, pthread_mutex_destroy(&m));
}

static void attributes(void)
{
    pthread_mutexattr_t attr;
    int value;
    pthread_mutexattr_init(&attr);
    gives("wrong type", EINVAL, pthread_mutexattr_settype(&attr, 9));
    gives("wrong protocol", EINVAL, pthread_mutexattr_setprotocol(&attr, 9));
    gives("wrong robustness", EINVAL, pthread_mutexattr_setrobust(&attr, 9));
    gives("wrong sharing", EINVAL, pthread_mutexattr_setpshared(&attr, 9));
    gives("wrong ceiling", EINVAL, pthread_mutexattr_setprioceiling(&attr, 1000));
    gives("ceiling", 0, pthread_mutexattr_setprioceiling(&attr, 20));
    gives("type", 0, pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE));
    pthread_mutexattr_gettype(&attr, &value);
    check("type kept", value == PTHREAD_MUTEX_RECURSIVE);
    pthread_mutexattr_getprioceiling(&attr, &value);
    check("ceiling kept", value == 20);
    gives("destroy", 0, pthread_mutexattr_destroy(&attr));
    gives("use after it", EINVAL, pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_NORMAL));
    gives("a mutex from it", EINVAL, pthread_mutex_init(&mutex, &attr));
}

int main(void)
{
    pthread_mutex_lock(&mutex); // before the first thread, to be given up afterwards
    pthread_t thread = start(count_up, &mutex);
    sleep_ms(20);
    check("a lock survives the first thread's start", counter == 0);
    pthread_mutex_unlock(&mutex);
    join(thread);
    for (int protocol = PTHREAD_PRIO_NONE; protocol <= PTHREAD_PRIO_PROTECT; protocol++) {
        kinds(protocol, PTHREAD_MUTEX_STALLED);
        kinds(protocol, PTHREAD_MUTEX_ROBUST);
        robust(protocol);
        pthread_mutex_t m = made(PTHREAD_MUTEX_NORMAL, protocol, PTHREAD_MUTEX_STALLED);
        exclusion(&m);
        m = made(PTHREAD_MUTEX_RECURSIVE, protocol, PTHREAD_MUTEX_ROBUST);
        exclusion(&m);
    }
    exclusion(&mutex);
    pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    exclusion(&recursive);
    attributes();
    return finish();
}
