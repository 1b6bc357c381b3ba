// Threads that compute, allocate, lock, sleep and write while all of them send signals to each other: nothing is lost, nothing hangs.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "signal-check.h"

enum { THREADS = 6 };

static pthread_t threads[THREADS];
static volatile int stop;
static long taken[THREADS], sent[THREADS], queued_sent, queued_taken, alarms;
static __thread int self;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long guarded, rounds;
static sem_t semaphore;
static pthread_barrier_t barrier;

static void note(int number, siginfo_t *info, void *context)
{
    int kept = errno;
    (void)info, (void)context;
    if (number == SIGALRM)
        __atomic_fetch_add(&alarms, 1, __ATOMIC_RELAXED);
    else if (number == SIGRTMIN)
        __atomic_fetch_add(&queued_taken, 1, __ATOMIC_RELAXED);
    else
        __atomic_fetch_add(&taken[self], 1, __ATOMIC_RELAXED);
    // a call that waits, within a handler
    if (number == SIGUSR2)
        nanosleep(&(struct timespec){0, 1000}, NULL);
    errno = kept;
}

static void work(unsigned *seed)
{
    struct timespec little = {0, 20000};
    void *blocks[8];
    for (int i = 0; i < 8; i++) {
        blocks[i] = malloc((size_t)rand_r(seed) % 5000 + 1);
        memset(blocks[i], i, 1);
    }
    pthread_mutex_lock(&mutex);
    long seen = ++guarded;
    for (volatile int i = 0; i < 200; i++)
        ;
    check("the mutex keeps others out", guarded == seen);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < 8; i++)
        free(blocks[i]);
    double sum = 0;
    for (int i = 1; i < 300; i++)
        sum += 1.0 / i;
    check("computed right", sum > 6.2793305 && sum < 6.2793306);
    switch (rand_r(seed) % 4) {
    case 0:
        nanosleep(&little, NULL);
        break;
    case 1:
        sched_yield();
        break;
    case 2:
        sem_post(&semaphore);
        while (sem_wait(&semaphore) != 0)
            check("only a signal ends it", errno == EINTR);
        break;
    default:
        break;
    }
}

static void *storm(void *argument)
{
    self = (int)(long)argument;
    unsigned seed = (unsigned)self + 1;
    while (!stop) {
        work(&seed);
        int other = rand_r(&seed) % THREADS;
        check("pthread_kill", pthread_kill(threads[other], rand_r(&seed) % 2 ? SIGUSR1 : SIGUSR2) == 0);
        sent[self]++;
        if (rand_r(&seed) % 4 == 0 && pthread_sigqueue(threads[other], SIGRTMIN, (union sigval){.sival_int = self}) == 0)
            __atomic_fetch_add(&queued_sent, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&rounds, 1, __ATOMIC_RELAXED);
    }
    // none ends while another one may send it something
    pthread_barrier_wait(&barrier);
    return NULL;
}

int main(int argc, char **argv)
{
    struct timespec time = {argc > 1 ? atoi(argv[1]) : 2, 0};
    struct itimerval often = {{0, 3000}, {0, 3000}}, off = {0};
    sigset_t alarm_only, old;
    long all = 0, some = 0;
    sem_init(&semaphore, 0, 0);
    pthread_barrier_init(&barrier, NULL, THREADS);
    handle(SIGUSR1, note, SA_RESTART, 0);
    handle(SIGUSR2, note, 0, 0);
    handle(SIGRTMIN, note, SA_RESTART, 0);
    handle(SIGALRM, note, SA_RESTART, 0);
    // no thread begins before all are known
    pthread_mutex_lock(&mutex);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, storm, (void *)i);
    pthread_mutex_unlock(&mutex);
    setitimer(ITIMER_REAL, &often, NULL);
    while (nanosleep(&time, &time) != 0)
        check("only a signal ends it", errno == EINTR);
    setitimer(ITIMER_REAL, &off, NULL);
    stop = 1;
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm_only, &old);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        all += sent[i];
        some += taken[i];
    }
    check("signals were sent", all > THREADS && queued_sent > 0 && rounds > THREADS);
    check("they were taken", some > 0 && some <= all);
    // the last ones may be on their way to a thread that ends
    check("queued ones come once each", queued_taken <= queued_sent && queued_taken >= queued_sent - THREADS);
    check("alarms", alarms > 2);
    return done();
}
