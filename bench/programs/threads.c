// What threads cost: calls that nobody else is in the way of, switches on a core, wakes, creation; nanoseconds each.
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "figure.h"
#include "threads.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static __thread volatile unsigned long own;
static void *(*volatile allocate)(size_t) = malloc;

static void lock_call(void *data, size_t calls)
{
    (void)data;
    while (calls--) {
        pthread_mutex_lock(&lock);
        pthread_mutex_unlock(&lock);
    }
}

static void local_access(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        own++;
}

static void pid_call(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        getpid();
}

static void clock_call(void *data, size_t calls)
{
    struct timespec now;
    (void)data;
    while (calls--)
        clock_gettime(CLOCK_MONOTONIC, &now);
}

static void malloc_call(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        free(allocate(64));
}

static void yield_call(void *data, size_t calls)
{
    (void)data;
    while (calls--)
        sched_yield();
}

static void alone(const char *const names[5])
{
    figure(names[0], lock_call, NULL);
    figure(names[1], local_access, NULL);
    figure(names[2], pid_call, NULL);
    figure(names[3], clock_call, NULL);
    figure(names[4], malloc_call, NULL);
}

// The other of two threads that take turns, pinned to a core.
struct peer {
    int core;
    volatile int stop;
    sem_t there, back;
    pthread_mutex_t lock;
    pthread_cond_t turn;
    volatile int mine;
};

static void *sleeper(void *data)
{
    struct peer *peer = data;
    sem_wait(&peer->there);
    return NULL;
}

static void *yielder(void *data)
{
    struct peer *peer = data;
    pin(peer->core);
    while (!peer->stop)
        sched_yield();
    return NULL;
}

static void *answerer(void *data)
{
    struct peer *peer = data;
    pin(peer->core);
    for (;;) {
        sem_wait(&peer->there);
        if (peer->stop)
            return NULL;
        sem_post(&peer->back);
    }
}

static void ask(void *data, size_t calls)
{
    struct peer *peer = data;
    while (calls--) {
        sem_post(&peer->there);
        sem_wait(&peer->back);
    }
}

static void *turner(void *data)
{
    struct peer *peer = data;
    pin(peer->core);
    pthread_mutex_lock(&peer->lock);
    while (!peer->stop) {
        while (!peer->mine)
            pthread_cond_wait(&peer->turn, &peer->lock);
        peer->mine = 0;
        pthread_cond_signal(&peer->turn);
    }
    pthread_mutex_unlock(&peer->lock);
    return NULL;
}

static void take_turns(void *data, size_t calls)
{
    struct peer *peer = data;
    pthread_mutex_lock(&peer->lock);
    while (calls--) {
        peer->mine = 1;
        pthread_cond_signal(&peer->turn);
        while (peer->mine)
            pthread_cond_wait(&peer->turn, &peer->lock);
    }
    pthread_mutex_unlock(&peer->lock);
}

static void last_turn(struct peer *peer)
{
    pthread_mutex_lock(&peer->lock);
    peer->stop = peer->mine = 1;
    pthread_cond_signal(&peer->turn);
    pthread_mutex_unlock(&peer->lock);
}

// One figure with a peer on `core`, the caller being on core 0.
static void with_peer(const char *name, int core, void *(*other)(void *), work *function)
{
    struct peer peer = {.core = core, .lock = PTHREAD_MUTEX_INITIALIZER, .turn = PTHREAD_COND_INITIALIZER};
    pthread_t thread;

    pin(0);
    sem_init(&peer.there, 0, 0);
    sem_init(&peer.back, 0, 0);
    must("pthread_create", pthread_create(&thread, NULL, other, &peer));
    function(&peer, 1); // the peer is where it should be before anything is timed
    figure(name, function, &peer);
    last_turn(&peer);
    sem_post(&peer.there);
    must("pthread_join", pthread_join(thread, NULL));
    unpin();
}

static void *nothing(void *data) { return data; }

static void create_and_join(void *data, size_t calls)
{
    pthread_t thread;
    (void)data;
    while (calls--) {
        must("pthread_create", pthread_create(&thread, NULL, nothing, NULL));
        must("pthread_join", pthread_join(thread, NULL));
    }
}

int main(void)
{
    static const char *const one[] = {"mutex", "thread-local", "getpid", "clock_gettime", "malloc-free-64"};
    static const char *const two[] = {"mutex-2", "thread-local-2", "getpid-2", "clock_gettime-2", "malloc-free-64-2"};
    struct peer peer = {0};
    pthread_t thread;
    int far = cores() > 1;

    alone(one);
    pin(0);
    figure("yield-alone", yield_call, NULL);
    unpin();
    sem_init(&peer.there, 0, 0);
    must("pthread_create", pthread_create(&thread, NULL, sleeper, &peer));
    alone(two);
    sem_post(&peer.there);
    must("pthread_join", pthread_join(thread, NULL));
    with_peer("switch-yield", 0, yielder, yield_call);
    with_peer("switch-semaphore", 0, answerer, ask);
    with_peer("switch-condition", 0, turner, take_turns);
    with_peer("wake-semaphore", far, answerer, ask);
    with_peer("wake-condition", far, turner, take_turns);
    figure("create-join", create_and_join, NULL);
    crowds();
    return 0;
}
