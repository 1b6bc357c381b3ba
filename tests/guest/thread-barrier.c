// Barriers, spin locks, pthread_once.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "threads.h"

enum { THREADS = 4, ROUNDS = 500 };

static pthread_barrier_t barrier;
static atomic_int serial, arrived, calls;
static pthread_spinlock_t spin;
static long counter;

static void *rounds(void *argument)
{
    for (int i = 1; i <= ROUNDS; i++) {
        arrived++;
        int result = pthread_barrier_wait(&barrier);
        if (result == PTHREAD_BARRIER_SERIAL_THREAD)
            serial++;
        else if (result)
            gives("barrier_wait", 0, result);
        if (arrived < i * THREADS)
            check("nobody passes before all arrived", 0);
        pthread_barrier_wait(&barrier);
    }
    return argument;
}

static void barriers(void)
{
    pthread_t threads[THREADS];
    gives("barrier for nobody", EINVAL, pthread_barrier_init(&barrier, NULL, 0));
    gives("barrier_init", 0, pthread_barrier_init(&barrier, NULL, THREADS));
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(rounds, NULL);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    check("one serial thread a round", serial == ROUNDS);
    gives("barrier_destroy", 0, pthread_barrier_destroy(&barrier));
    gives("wait after it", EINVAL, pthread_barrier_wait(&barrier));
    gives("barrier for one", 0, pthread_barrier_init(&barrier, NULL, 1));
    gives("wait alone", PTHREAD_BARRIER_SERIAL_THREAD, pthread_barrier_wait(&barrier));
    pthread_barrier_destroy(&barrier);
}

static void *pass(void *argument)
{
    pthread_barrier_wait(argument);
    return NULL;
}

static void short_lived(void)
{
    for (int i = 0; i < 200; i++) {
        pthread_barrier_t *heap = malloc(sizeof *heap);
        pthread_barrier_init(heap, NULL, 3);
        pthread_t one = start(pass, heap), other = start(pass, heap);
        pthread_barrier_wait(heap);
        gives("destroy right after the wait", 0, pthread_barrier_destroy(heap));
        memset(heap, 0xff, sizeof *heap);
        free(heap);
        join(one);
        join(other);
    }
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_t waiting = start(pass, &barrier);
    sleep_ms(30);
    gives("destroy with a waiter", EBUSY, pthread_barrier_destroy(&barrier));
    pthread_barrier_wait(&barrier);
    join(waiting);
    gives("destroy", 0, pthread_barrier_destroy(&barrier));
}

enum { PAIR = 2, PASSES = 1000000 };

static atomic_int tickets, entered, left;

static void *in_pairs(void *argument)
{
    while (tickets++ < PASSES) {
        entered++;
        pthread_barrier_wait(&barrier);
        int out = ++left;
        if ((out + 1) / PAIR * PAIR > entered && !failures)
            check("nobody passes a barrier for two alone", 0);
    }
    return argument;
}

// More threads than a round takes.
static void crowd(void)
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&barrier, NULL, PAIR);
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(in_pairs, NULL);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    gives("destroy after the crowd", 0, pthread_barrier_destroy(&barrier));
}

static void *spin_up(void *argument)
{
    for (int i = 0; i < 20000; i++) {
        pthread_spin_lock(&spin);
        counter++;
        pthread_spin_unlock(&spin);
    }
    return argument;
}

static void *try_spin(void *argument)
{
    (void)argument;
    return (void *)(long)pthread_spin_trylock(&spin);
}

static void spinning(void)
{
    pthread_t threads[THREADS];
    gives("spin_init", 0, pthread_spin_init(&spin, PTHREAD_PROCESS_SHARED));
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(spin_up, NULL);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    check("nobody counts at the same time", counter == 20000 * THREADS);
    gives("spin_lock", 0, pthread_spin_lock(&spin));
    gives("spin_lock again", EDEADLK, pthread_spin_lock(&spin));
    check("trylock by another one", join(start(try_spin, NULL)) == (void *)EBUSY);
    gives("destroy of a held one", EBUSY, pthread_spin_destroy(&spin));
    gives("spin_unlock", 0, pthread_spin_unlock(&spin));
    gives("spin_destroy", 0, pthread_spin_destroy(&spin));
}

static void called(void)
{
    sleep_ms(20);
    calls++;
}

static void *once(void *argument)
{
    pthread_once(argument, called);
    check("once is over when it returns", calls == 1);
    return NULL;
}

static void sleep_in_once(void)
{
    calls = 0;
    sleep_ms(100000);
}

static void now_for_real(void)
{
    calls = 7;
}

static void *cancelled_once(void *argument)
{
    arrived++;
    pthread_once(argument, sleep_in_once);
    return NULL;
}

static void *second_once(void *argument)
{
    pthread_once(argument, now_for_real);
    return NULL;
}

static void once_only(void)
{
    static pthread_once_t control = PTHREAD_ONCE_INIT, interrupted = PTHREAD_ONCE_INIT;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(once, &control);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    check("once", calls == 1);
    arrived = 0;
    pthread_t first = start(cancelled_once, &interrupted);
    reaches(&arrived, 1);
    sleep_ms(20);
    pthread_t second = start(second_once, &interrupted);
    sleep_ms(20);
    gives("cancel in once", 0, pthread_cancel(first));
    check("it was cancelled", join(first) == PTHREAD_CANCELED);
    join(second);
    check("the next one calls its own", calls == 7);
}

int main(void)
{
    barriers();
    short_lived();
    crowd();
    spinning();
    once_only();
    return finish();
}
