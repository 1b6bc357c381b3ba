// Locks of every kind under convoys: what they guard stays whole, nobody starves, nobody sleeps for ever.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <errno.h>
#include <semaphore.h>

enum { THREADS = 8, QUEUE = 4 };

static long long until;
static long guarded, counted[THREADS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_spinlock_t spinlock;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static volatile long pair[2];

static void begin(void)
{
    until = now_ns() + budget * 1000000LL;
    guarded = 0;
    memset(counted, 0, sizeof counted);
}

static void finish(const char *what)
{
    long sum = 0;
    for (int i = 0; i < THREADS; i++) {
        sum += counted[i];
        if (counted[i] == 0)
            printf("%s: thread %d had nothing\n", what, i);
        check(what, counted[i] > 0);
    }
    check_is(what, guarded, sum);
}

static void *with_mutex(void *number)
{
    do {
        pthread_mutex_lock(&mutex);
        long seen = guarded;
        if (counted[(long)number]++ % 64 == 0)
            sched_yield(); // a convoy forms behind the owner
        guarded = seen + 1;
        pthread_mutex_unlock(&mutex);
    } while (now_ns() < until);
    return NULL;
}

static void mutexes(void)
{
    static const int types[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK};
    for (int kind = 0; kind < 4; kind++) {
        pthread_mutexattr_t attributes;
        pthread_mutexattr_init(&attributes);
        if (kind < 3)
            pthread_mutexattr_settype(&attributes, types[kind]);
        else
            check_is("setprotocol", pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT), 0);
        pthread_mutex_init(&mutex, &attributes);
        begin();
        in_threads(THREADS, with_mutex);
        finish("a mutex under a convoy");
        check_is("the mutex is free again", pthread_mutex_destroy(&mutex), 0);
        pthread_mutexattr_destroy(&attributes);
    }
    pthread_mutex_init(&mutex, NULL);
}

static void *with_spinlock(void *number)
{
    do {
        pthread_spin_lock(&spinlock);
        guarded++;
        counted[(long)number]++;
        pthread_spin_unlock(&spinlock);
    } while (now_ns() < until);
    return NULL;
}

static void *with_rwlock(void *number)
{
    do {
        if ((long)number < 2) {
            pthread_rwlock_wrlock(&rwlock);
            pair[0]++;
            if (guarded % 16 == 0)
                sched_yield();
            pair[1]++;
            guarded++;
            counted[(long)number]++;
        } else {
            pthread_rwlock_rdlock(&rwlock);
            check("a reader sees no half of a writer's work", pair[0] == pair[1]);
            __atomic_fetch_add(&guarded, 1, __ATOMIC_RELAXED);
            counted[(long)number]++;
        }
        pthread_rwlock_unlock(&rwlock);
        if ((long)number >= 2)
            sched_yield();
    } while (now_ns() < until);
    return NULL;
}

static long queue[QUEUE], put, taken;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;

static void queue_put(long item)
{
    pthread_mutex_lock(&mutex);
    while (put - taken == QUEUE)
        pthread_cond_wait(&not_full, &mutex);
    queue[put++ % QUEUE] = item;
    pthread_cond_signal(&not_empty);
    pthread_mutex_unlock(&mutex);
}

static long queue_take(void)
{
    pthread_mutex_lock(&mutex);
    while (put == taken)
        pthread_cond_wait(&not_empty, &mutex);
    long item = queue[taken++ % QUEUE];
    pthread_cond_signal(&not_full);
    pthread_mutex_unlock(&mutex);
    return item;
}

// Even threads produce numbers, odd ones take them until a zero comes.
static void *through_queue(void *number)
{
    long sum = 0, item = 0;
    if ((long)number % 2 == 0) {
        while (now_ns() < until) {
            queue_put(++item);
            sum += item;
        }
        queue_put(0);
    } else {
        while ((item = queue_take()) != 0)
            sum -= item;
    }
    __atomic_fetch_add(&guarded, sum, __ATOMIC_RELAXED);
    return NULL;
}

static sem_t ping, pong;
static long rounds;

static void *answer(void *unused)
{
    while (sem_wait(&ping) == 0 && rounds >= 0)
        sem_post(&pong);
    return unused;
}

static void semaphores(void)
{
    sem_init(&ping, 0, 0);
    sem_init(&pong, 0, 0);
    pthread_t other = start(answer, NULL);
    begin();
    for (; now_ns() < until || rounds < 10; rounds++) {
        sem_post(&ping);
        sem_wait(&pong);
    }
    int left = -1;
    sem_getvalue(&pong, &left);
    check("ping and pong", rounds >= 10 && left == 0);
    rounds = -1;
    sem_post(&ping);
    end(other);
}

static pthread_barrier_t barrier;
static atomic_long serial;
static long phase[THREADS];

static void *in_phases(void *number)
{
    for (int i = 0; i < 50; i++) {
        phase[(long)number] = i;
        serial += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
        check_is("all are in one phase", phase[((long)number + 1) % THREADS], i);
        serial += pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
    }
    return NULL;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_int first;

static void first_of_all(void)
{
    sleep_ms(5);
    first++;
}

static void *only_once(void *unused)
{
    pthread_once(&once, first_of_all);
    check_is("once, and before all went on", first, 1);
    return unused;
}

static void timeouts(void)
{
    pthread_mutex_lock(&mutex);
    for (int round = 0; round < 3; round++) {
        long long before = now_ns();
        struct timespec deadline = time_after(CLOCK_REALTIME, 5000000);
        pthread_cond_t never = PTHREAD_COND_INITIALIZER;
        check_is("cond_timedwait", pthread_cond_timedwait(&never, &mutex, &deadline), ETIMEDOUT);
        check("not too early", now_ns() - before >= 4900000);
    }
    pthread_mutex_unlock(&mutex);
}

static void *lock_for_a_while(void *unused)
{
    struct timespec deadline = time_after(CLOCK_REALTIME, 3000000);
    check_is("timedlock", pthread_mutex_timedlock(&mutex, &deadline), ETIMEDOUT);
    check_is("trylock", pthread_mutex_trylock(&mutex), EBUSY);
    return unused;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        budget *= atoi(argv[1]);
    mutexes();
    pthread_spin_init(&spinlock, PTHREAD_PROCESS_PRIVATE);
    begin();
    in_threads(THREADS, with_spinlock);
    finish("a spinlock under a convoy");
    begin();
    in_threads(THREADS, with_rwlock);
    finish("a lock of readers and writers");
    begin();
    in_threads(THREADS, through_queue);
    check_is("nothing is lost or doubled between producers and consumers", guarded, 0);
    semaphores();
    pthread_barrier_init(&barrier, NULL, THREADS);
    in_threads(THREADS, in_phases);
    check_is("one serial thread a phase", serial, 100);
    in_threads(THREADS, only_once);
    timeouts();
    pthread_mutex_lock(&mutex);
    end(start(lock_for_a_while, NULL));
    pthread_mutex_unlock(&mutex);
    return conclude();
}
