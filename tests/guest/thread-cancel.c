// Cancellation: in every kind of wait, deferred, at once, put off, from a handler, before the start; clean-up handlers.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/select.h>

#include "threads.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static sem_t sem;
static atomic_int reached, go, cleaned;
static pthread_t sleeper_thread;

static void clean(void *argument)
{
    cleaned = cleaned * 10 + (int)(long)argument;
}

static void *forever(void *argument)
{
    (void)argument;
    sleep_ms(1000000);
    return NULL;
}

static void in_sleep(void) { sleep(1000); }
static void in_usleep(void) { usleep(100 * 1000 * 1000); }
static void in_nanosleep(void) { nanosleep(&(struct timespec){1000, 0}, NULL); }
static void in_clock(void) { clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){1000, 0}, NULL); }
static void in_select(void) { select(0, NULL, NULL, NULL, &(struct timeval){1000, 0}); }
static void in_poll(void) { poll(NULL, 0, -1); }
static void in_pause(void) { pause(); }
static void in_suspend(void) { sigset_t none; sigemptyset(&none); sigsuspend(&none); }
static void in_sigwait(void) { sigset_t set; int n; sigemptyset(&set); sigaddset(&set, SIGUSR2); sigwait(&set, &n); }
static void in_sigtime(void) { sigset_t set; sigemptyset(&set); sigtimedwait(&set, NULL, &(struct timespec){1000, 0}); }
static void in_sem(void) { sem_wait(&sem); }
static void in_sem_time(void) { struct timespec t = in_ms(CLOCK_REALTIME, 1000000); sem_timedwait(&sem, &t); }
static void in_join(void) { pthread_join(sleeper_thread, NULL); }
static void in_test(void) { while (1) pthread_testcancel(); }

static void unlock(void *argument)
{
    gives("the mutex is held in the handler", EBUSY, pthread_mutex_trylock(argument));
    pthread_mutex_unlock(argument);
}

static void in_cond(void)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    while (1)
        pthread_cond_wait(&cond, &mutex);
    pthread_cleanup_pop(0);
}

static void in_cond_time(void)
{
    struct timespec time = in_ms(CLOCK_REALTIME, 1000000);
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    while (1)
        pthread_cond_timedwait(&cond, &mutex, &time);
    pthread_cleanup_pop(0);
}

static const struct {
    const char *name;
    void (*wait)(void);
} points[] = {
    {"sleep", in_sleep}, {"usleep", in_usleep}, {"nanosleep", in_nanosleep}, {"clock_nanosleep", in_clock},
    {"select", in_select}, {"poll", in_poll}, {"pause", in_pause}, {"sigsuspend", in_suspend},
    {"sigwait", in_sigwait}, {"sigtimedwait", in_sigtime},
    {"sem_wait", in_sem}, {"sem_timedwait", in_sem_time}, {"pthread_join", in_join},
    {"pthread_cond_wait", in_cond}, {"pthread_cond_timedwait", in_cond_time}, {"pthread_testcancel", in_test},
};

static void *at_point(void *argument)
{
    pthread_cleanup_push(clean, (void *)1);
    pthread_cleanup_push(clean, (void *)2);
    reached++;
    points[(long)argument].wait();
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(0);
    return NULL;
}

static void every_point(int delay)
{
    sleeper_thread = start(forever, NULL);
    for (unsigned long i = 0; i < sizeof points / sizeof *points; i++) {
        reached = cleaned = 0;
        pthread_t thread = start(at_point, (void *)i);
        if (delay)
            reaches(&reached, 1);
        if (delay > 1)
            sleep_ms(10);
        gives("cancel", 0, pthread_cancel(thread));
        if (join(thread) != PTHREAD_CANCELED)
            check(points[i].name, 0);
        check("the handlers ran, the last one first", cleaned == 21);
    }
    pthread_cancel(sleeper_thread);
    check("the sleeper is still to be joined", join(sleeper_thread) == PTHREAD_CANCELED);
    gives("the mutex is free", 0, pthread_mutex_trylock(&mutex));
    pthread_mutex_unlock(&mutex);
}

static void *put_off(void *argument)
{
    int before;
    gives("setcancelstate", 0, pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before));
    check("enabled at first", before == PTHREAD_CANCEL_ENABLE);
    reached++;
    while (!go)
        sleep_ms(1);
    pthread_testcancel();
    cleaned = 5;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
    check("disabled before", before == PTHREAD_CANCEL_DISABLE);
    cleaned = 6;
    pthread_testcancel();
    cleaned = 7;
    return argument;
}

static void *busy(void *argument)
{
    int before;
    pthread_cleanup_push(clean, (void *)3);
    gives("setcanceltype", 0, pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before));
    check("deferred at first", before == PTHREAD_CANCEL_DEFERRED);
    reached++;
    for (volatile long i = 0;; i++)
        ;
    pthread_cleanup_pop(0);
    return argument;
}

static void *await_handler(void *argument)
{
    reached++;
    sem_wait(&sem);
    return argument;
}

static pthread_t victim;

static void cancel_victim(int number)
{
    (void)number;
    pthread_cancel(victim);
}

static void *self(void *argument)
{
    pthread_cancel(pthread_self());
    cleaned = 1;
    pthread_testcancel();
    cleaned = 2;
    return argument;
}

static void *self_at_once(void *argument)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    cleaned = 3;
    pthread_cancel(pthread_self());
    cleaned = 4;
    return argument;
}

static void states(void)
{
    reached = go = cleaned = 0;
    pthread_t thread = start(put_off, NULL);
    reaches(&reached, 1);
    pthread_cancel(thread);
    gives("cancel twice", 0, pthread_cancel(thread));
    go = 1;
    check("put off, but not forgotten", join(thread) == PTHREAD_CANCELED && cleaned == 6);
    cleaned = reached = 0;
    thread = start(busy, NULL);
    reaches(&reached, 1);
    pthread_cancel(thread);
    check("at once", join(thread) == PTHREAD_CANCELED && cleaned == 3);
    check("oneself", join(start(self, NULL)) == PTHREAD_CANCELED && cleaned == 1);
    check("oneself at once", join(start(self_at_once, NULL)) == PTHREAD_CANCELED && cleaned == 3);
    gives("wrong state", EINVAL, pthread_setcancelstate(7, NULL));
    gives("wrong type", EINVAL, pthread_setcanceltype(7, NULL));
    reached = 0;
    victim = start(await_handler, NULL);
    reaches(&reached, 1);
    signal(SIGUSR1, cancel_victim);
    raise(SIGUSR1);
    check("from a handler", join(victim) == PTHREAD_CANCELED);
    gives("cancel of one that is gone", ESRCH, pthread_cancel(victim));
    thread = start(await_handler, NULL);
    sem_post(&sem);
    sleep_ms(20);
    gives("cancel of an ended thread", 0, pthread_cancel(thread));
    check("too late", join(thread) == NULL);
}

static void *leaves(void *argument)
{
    pthread_cleanup_push(clean, (void *)4);
    pthread_cleanup_push(clean, (void *)5);
    pthread_cleanup_pop(1);
    pthread_cleanup_push(clean, (void *)6);
    pthread_cleanup_pop(0);
    pthread_exit(argument);
    pthread_cleanup_pop(0);
}

static void unlock_quietly(void *argument)
{
    pthread_mutex_unlock(argument);
}

// A signal that a cancelled waiter was given, or would have been, goes to another one.
static void *wait_go(void *argument)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock_quietly, &mutex);
    reached++;
    while (!go)
        pthread_cond_wait(&cond, &mutex);
    pthread_cleanup_pop(1);
    return argument;
}

static void no_signal_lost(void)
{
    for (int i = 0; i < 100; i++) {
        reached = go = 0;
        pthread_t one = start(wait_go, (void *)1), other = start(wait_go, (void *)2);
        reaches(&reached, 2);
        pthread_mutex_lock(&mutex);
        go = 1;
        pthread_cancel(one);
        pthread_cond_signal(&cond);
        pthread_cond_signal(&cond);
        pthread_mutex_unlock(&mutex);
        join(one);
        check("the other one was woken", join(other) == (void *)2);
    }
}

int main(void)
{
    sem_init(&sem, 0, 0);
    for (int delay = 0; delay < 3; delay++)
        every_point(delay);
    states();
    cleaned = 0;
    check("pthread_exit runs handlers", join(start(leaves, (void *)8)) == (void *)8 && cleaned == 54);
    no_signal_lost();
    return finish();
}
