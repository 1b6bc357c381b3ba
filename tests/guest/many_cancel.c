// Cancellation races: whatever the moment, locks are given back, handlers run once, join tells how the thread ended.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <errno.h>
#include <semaphore.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sem_t semaphore;
static atomic_int cleaned, started, destroyed;
static pthread_key_t key;

static void clean(void *locked)
{
    cleaned++;
    if (locked)
        check_is("the mutex is the cancelled thread's", pthread_mutex_unlock(&mutex), 0);
}

static void *wait_for_condition(void *unused)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(clean, &mutex);
    started++;
    for (;;)
        pthread_cond_wait(&condition, &mutex);
    pthread_cleanup_pop(0);
    return unused;
}

static void *wait_for_semaphore(void *unused)
{
    pthread_cleanup_push(clean, NULL);
    started++;
    for (;;)
        sem_wait(&semaphore);
    pthread_cleanup_pop(0);
    return unused;
}

static void *wait_asleep(void *unused)
{
    pthread_cleanup_push(clean, NULL);
    started++;
    for (;;)
        sleep(100);
    pthread_cleanup_pop(0);
    return unused;
}

static void *wait_for_thread(void *unused)
{
    pthread_t other = start(wait_asleep, NULL);
    pthread_cleanup_push(clean, NULL);
    started++;
    pthread_setspecific(key, (void *)other);
    pthread_join(other, NULL);
    pthread_cleanup_pop(0);
    return unused;
}

static void *test_often(void *unused)
{
    pthread_cleanup_push(clean, NULL);
    started++;
    for (;;)
        pthread_testcancel();
    pthread_cleanup_pop(0);
    return unused;
}

static void *spin_asynchronously(void *unused)
{
    pthread_cleanup_push(clean, NULL);
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    started++;
    for (volatile int i = 0;; i++)
        ;
    pthread_cleanup_pop(0);
    return unused;
}

static void *spin_in_rounds(void *unused)
{
    pthread_cleanup_push(clean, NULL);
    started++;
    for (;;) {
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
        pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
        pthread_testcancel();
    }
    pthread_cleanup_pop(0);
    return unused;
}

static void destroy(void *other)
{
    destroyed++;
    pthread_cancel((pthread_t)other); // what it waited for
    end((pthread_t)other);
}

static void cancelled(const char *what, void *(*body)(void *), int rounds, int handlers)
{
    cleaned = started = 0;
    for (int round = 0; round < rounds; round++) {
        pthread_t made[4];
        for (int i = 0; i < 4; i++)
            made[i] = start(body, NULL);
        while (started < (round + 1) * 4 * handlers)
            sched_yield();
        for (int i = 0; i < 4; i++) {
            check_is(what, pthread_cancel(made[i]), 0);
            if (i & 1)
                pthread_cond_broadcast(&condition); // woken and cancelled at once
        }
        for (int i = 0; i < 4; i++)
            check(what, end(made[i]) == PTHREAD_CANCELED);
    }
    check_is(what, cleaned, rounds * 4 * handlers);
    check_is("the mutex is free", pthread_mutex_trylock(&mutex), 0);
    pthread_mutex_unlock(&mutex);
}

static void *end_at_once(void *unused)
{
    started++;
    return unused;
}

// Cancelled before it ran, while it runs, or when it has ended: it ended by itself or was cancelled, and nothing else.
static void races(int rounds)
{
    int cancels = 0;
    for (int round = 0; round < rounds; round++) {
        pthread_t made = start(end_at_once, (void *)1);
        for (int wait = round % 50; wait; wait--)
            __builtin_ia32_pause();
        int error = pthread_cancel(made);
        check("cancelling a thread that nobody joined yet", error == 0 || error == ESRCH);
        void *result = end(made);
        check("it ended one way or the other", result == (void *)1 || result == PTHREAD_CANCELED);
        cancels += result == PTHREAD_CANCELED;
    }
    printf("%d of %d threads were cancelled before they ended\n", cancels, rounds);
}

static atomic_int may_go;

static void *disabled(void *unused)
{
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    check_is("enabled at first", before, PTHREAD_CANCEL_ENABLE);
    started++;
    while (!may_go)
        sched_yield();
    sleep_ms(1);
    pthread_testcancel();
    may_go = 2; // only who was not cancelled comes here
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    pthread_testcancel();
    may_go = 3;
    return unused;
}

static void states(void)
{
    started = 0;
    pthread_t made = start(disabled, NULL);
    while (!started)
        sched_yield();
    pthread_cancel(made);
    may_go = 1;
    check("cancelled as soon as it was enabled", end(made) == PTHREAD_CANCELED);
    check_is("and not before", may_go, 2);
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) * 10 : 10;
    sem_init(&semaphore, 0, 0);
    pthread_key_create(&key, destroy);
    cancelled("cancelled in pthread_cond_wait", wait_for_condition, rounds, 1);
    cancelled("cancelled in sem_wait", wait_for_semaphore, rounds, 1);
    cancelled("cancelled in sleep", wait_asleep, rounds, 1);
    cancelled("cancelled in pthread_join", wait_for_thread, rounds, 2);
    check_is("destructors ran", destroyed, rounds * 4);
    cancelled("cancelled in pthread_testcancel", test_often, rounds, 1);
    cancelled("cancelled asynchronously", spin_asynchronously, rounds, 1);
    cancelled("cancelled by turns", spin_in_rounds, rounds, 1);
    races(rounds * 20);
    states();
    return conclude();
}
