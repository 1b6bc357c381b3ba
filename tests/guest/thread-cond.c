// Condition variables: signal, broadcast, timeouts, clocks, destruction right after a broadcast, with all kinds of mutex.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "threads.h"

enum { WAITERS = 6, ROUNDS = 3000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static atomic_int waiting, woken;
static int turn, open;

static void *wait_once(void *argument)
{
    pthread_mutex_lock(&mutex);
    waiting++;
    while (!open)
        gives("wait", 0, pthread_cond_wait(&cond, &mutex));
    woken++;
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void *wait_for_one(void *argument)
{
    pthread_mutex_lock(&mutex);
    waiting++;
    while (turn == 0)
        pthread_cond_wait(&cond, &mutex);
    turn--;
    woken++;
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void start_all(pthread_t *threads, void *(*function)(void *))
{
    waiting = woken = turn = open = 0;
    for (int i = 0; i < WAITERS; i++)
        threads[i] = start(function, NULL);
    check("all wait", reaches(&waiting, WAITERS));
}

static void waking(void)
{
    pthread_t threads[WAITERS];
    start_all(threads, wait_once);
    pthread_mutex_lock(&mutex);
    gives("destroy with waiters", EBUSY, pthread_cond_destroy(&cond));
    open = 1;
    gives("broadcast", 0, pthread_cond_broadcast(&cond));
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < WAITERS; i++)
        join(threads[i]);
    check("all woken", woken == WAITERS);
    start_all(threads, wait_for_one);
    for (int i = 0; i < WAITERS; i++) {
        pthread_mutex_lock(&mutex);
        turn++;
        gives("signal", 0, pthread_cond_signal(&cond));
        pthread_mutex_unlock(&mutex);
        check("a signal wakes one", reaches(&woken, i + 1));
    }
    check("no more than that", woken == WAITERS);
    for (int i = 0; i < WAITERS; i++)
        join(threads[i]);
}

static void timeouts(void)
{
    pthread_condattr_t attr;
    clockid_t clock;
    pthread_cond_t monotonic;
    pthread_condattr_init(&attr);
    pthread_condattr_getclock(&attr, &clock);
    check("realtime at first", clock == CLOCK_REALTIME);
    gives("wrong clock", EINVAL, pthread_condattr_setclock(&attr, CLOCK_PROCESS_CPUTIME_ID));
    gives("setclock", 0, pthread_condattr_setclock(&attr, CLOCK_MONOTONIC));
    gives("init", 0, pthread_cond_init(&monotonic, &attr));
    pthread_condattr_destroy(&attr);
    pthread_mutex_lock(&mutex);
    struct timespec soon = in_ms(CLOCK_REALTIME, 20), wrong = {0, -1}, past = {0, 0}, negative = {-5, 0};
    long long before = now(CLOCK_MONOTONIC);
    gives("timedwait", ETIMEDOUT, pthread_cond_timedwait(&cond, &mutex, &soon));
    check("it waited", now(CLOCK_MONOTONIC) - before >= 19 * MS);
    soon = in_ms(CLOCK_MONOTONIC, 20), before = now(CLOCK_MONOTONIC);
    gives("timedwait by the monotonic clock", ETIMEDOUT, pthread_cond_timedwait(&monotonic, &mutex, &soon));
    check("it waited as well", now(CLOCK_MONOTONIC) - before >= 19 * MS);
    soon = in_ms(CLOCK_MONOTONIC, 20);
    gives("clockwait", ETIMEDOUT, pthread_cond_clockwait(&cond, &mutex, CLOCK_MONOTONIC, &soon));
    gives("wrong time", EINVAL, pthread_cond_timedwait(&cond, &mutex, &wrong));
    gives("past", ETIMEDOUT, pthread_cond_timedwait(&cond, &mutex, &past));
    gives("long past", ETIMEDOUT, pthread_cond_timedwait(&cond, &mutex, &negative));
    gives("another clock", EINVAL, pthread_cond_clockwait(&cond, &mutex, CLOCK_PROCESS_CPUTIME_ID, &past));
    gives("the mutex is held again", EBUSY, pthread_mutex_trylock(&mutex));
    pthread_mutex_unlock(&mutex);
    gives("destroy", 0, pthread_cond_destroy(&monotonic));
    gives("destroy again", EINVAL, pthread_cond_destroy(&monotonic));
    gives("signal to a destroyed one", EINVAL, pthread_cond_signal(&monotonic));
}

struct pair {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    int turn, rounds;
};

static void *ping_pong(void *argument)
{
    struct pair *pair = argument;
    pthread_mutex_lock(&pair->mutex);
    int me = pair->rounds++;
    for (int i = 0; i < ROUNDS; i++) {
        while (pair->turn % 2 != me)
            pthread_cond_wait(&pair->cond, &pair->mutex);
        pair->turn++;
        pthread_cond_signal(&pair->cond);
    }
    pthread_mutex_unlock(&pair->mutex);
    return NULL;
}

static void turns(int type, int protocol)
{
    struct pair pair = {.cond = PTHREAD_COND_INITIALIZER};
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, type);
    pthread_mutexattr_setprotocol(&attr, protocol);
    pthread_mutex_init(&pair.mutex, &attr);
    pthread_t one = start(ping_pong, &pair), other = start(ping_pong, &pair);
    join(one);
    join(other);
    check("in turns", pair.turn == 2 * ROUNDS);
}

static void *wait_on_heap(void *argument)
{
    pthread_cond_t *heap = argument;
    pthread_mutex_lock(&mutex);
    waiting++;
    while (!open)
        pthread_cond_wait(heap, &mutex);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void short_lived(void)
{
    pthread_t threads[WAITERS];
    for (int round = 0; round < 50; round++) {
        pthread_cond_t *heap = malloc(sizeof *heap);
        pthread_cond_init(heap, NULL);
        waiting = open = 0;
        for (int i = 0; i < WAITERS; i++)
            threads[i] = start(wait_on_heap, heap);
        reaches(&waiting, WAITERS);
        pthread_mutex_lock(&mutex);
        open = 1;
        pthread_cond_broadcast(heap);
        gives("destroy right after the broadcast", 0, pthread_cond_destroy(heap));
        memset(heap, 0xff, sizeof *heap);
        free(heap);
        pthread_mutex_unlock(&mutex);
        for (int i = 0; i < WAITERS; i++)
            join(threads[i]);
    }
}

static void strangers(void)
{
    pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP, twice = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    struct timespec soon = in_ms(CLOCK_REALTIME, 10);
    gives("wait without the mutex", EPERM, pthread_cond_wait(&cond, &checked));
    pthread_mutex_lock(&twice);
    pthread_mutex_lock(&twice);
    gives("wait with a mutex held twice", ETIMEDOUT, pthread_cond_timedwait(&cond, &twice, &soon));
    gives("still held", 0, pthread_mutex_unlock(&twice));
    gives("twice", 0, pthread_mutex_unlock(&twice));
    gives("no more", EPERM, pthread_mutex_unlock(&twice));
    gives("signal to nobody", 0, pthread_cond_signal(&cond));
    gives("broadcast to nobody", 0, pthread_cond_broadcast(&cond));
}

static void *wait_shortly(void *argument)
{
    struct timespec time = in_ms(CLOCK_MONOTONIC, 1);
    pthread_mutex_lock(&mutex);
    waiting++;
    pthread_cond_clockwait(argument, &mutex, CLOCK_MONOTONIC, &time);
    pthread_mutex_unlock(&mutex);
    return argument;
}

// The broadcast comes just when the time is up; nobody waits then, so that the condition variable may go.
static void late(void)
{
    for (int i = 0; i < 500; i++) {
        pthread_cond_t *heap = malloc(sizeof *heap);
        pthread_cond_init(heap, NULL);
        waiting = 0;
        pthread_t waiter = start(wait_shortly, heap);
        while (waiting == 0)
            sched_yield();
        long long end = now(CLOCK_MONOTONIC) + MS / 2 + i * 7919 % MS;
        while (now(CLOCK_MONOTONIC) < end)
            ;
        pthread_mutex_lock(&mutex);
        pthread_cond_broadcast(heap);
        pthread_mutex_unlock(&mutex);
        gives("destroy after the last one's time", 0, pthread_cond_destroy(heap));
        memset(heap, 0xff, sizeof *heap);
        join(waiter);
        free(heap);
    }
}

int main(void)
{
    waking();
    timeouts();
    for (int protocol = PTHREAD_PRIO_NONE; protocol <= PTHREAD_PRIO_PROTECT; protocol++)
        for (int type = PTHREAD_MUTEX_NORMAL; type <= PTHREAD_MUTEX_ERRORCHECK; type++)
            turns(type, protocol);
    short_lived();
    late();
    strangers();
    return finish();
}
