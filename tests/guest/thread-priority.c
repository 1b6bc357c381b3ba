// Real-time threads on one core: who runs first, who is woken first, and that inheritance ends an inversion.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <sched.h>
#include <semaphore.h>

#include "threads.h"

static pthread_mutex_t mutex;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t held, done;
static atomic_int order, stop, waiting, open;

// A thread of SCHED_FIFO on core 0.
static pthread_t urgent(int priority, void *(*function)(void *), void *argument)
{
    struct sched_param parameter = {.sched_priority = priority};
    pthread_attr_t attr;
    pthread_t thread;
    cpu_set_t first;
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    pthread_attr_init(&attr);
    pthread_attr_setinheritsched(&attr, PTHREAD_EXPLICIT_SCHED);
    pthread_attr_setschedpolicy(&attr, SCHED_FIFO);
    pthread_attr_setschedparam(&attr, &parameter);
    pthread_attr_setaffinity_np(&attr, sizeof first, &first);
    int error = pthread_create(&thread, &attr, function, argument);
    pthread_attr_destroy(&attr);
    if (error) {
        printf("FAILED: pthread_create gives %s\n", strerror(error));
        exit(1);
    }
    return thread;
}

static void *note(void *argument)
{
    order = order * 10 + (int)(long)argument;
    return NULL;
}

static void first_come(void)
{
    pthread_t threads[3];
    order = 0;
    threads[0] = urgent(3, note, (void *)1);
    threads[1] = urgent(9, note, (void *)2);
    threads[2] = urgent(6, note, (void *)3);
    sched_yield();
    check("nobody below the one that runs", order == 0);
    for (int i = 0; i < 3; i++)
        join(threads[i]);
    check("the most urgent first", order == 231);
}

static void *wait_in_order(void *argument)
{
    pthread_mutex_lock(&mutex);
    waiting++;
    while (!open)
        pthread_cond_wait(&cond, &mutex);
    open--;
    note(argument);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void *write_in_order(void *argument)
{
    waiting++;
    pthread_rwlock_wrlock(&rwlock);
    note(argument);
    pthread_rwlock_unlock(&rwlock);
    return NULL;
}

static void most_urgent_waiter(void)
{
    static const int priorities[] = {5, 15, 10};
    pthread_t threads[3];
    order = waiting = open = 0;
    for (long i = 0; i < 3; i++) {
        threads[i] = urgent(priorities[i], wait_in_order, (void *)(i + 1));
        reaches(&waiting, (int)i + 1);
    }
    for (int i = 0; i < 3; i++) {
        pthread_mutex_lock(&mutex);
        open++;
        pthread_cond_signal(&cond);
        pthread_mutex_unlock(&mutex);
        sleep_ms(5);
    }
    for (int i = 0; i < 3; i++)
        join(threads[i]);
    check("a signal wakes the most urgent waiter", order == 231);
    order = waiting = 0;
    pthread_rwlock_wrlock(&rwlock);
    for (long i = 0; i < 3; i++) {
        threads[i] = urgent(priorities[i], write_in_order, (void *)(i + 1));
        reaches(&waiting, (int)i + 1);
    }
    sleep_ms(10);
    pthread_rwlock_unlock(&rwlock);
    for (int i = 0; i < 3; i++)
        join(threads[i]);
    check("a lock goes to the most urgent writer", order == 231);
}

static void *low(void *argument)
{
    pthread_mutex_lock(&mutex);
    sem_post(&held);
    for (long long end = now(CLOCK_MONOTONIC) + 100 * MS; now(CLOCK_MONOTONIC) < end;)
        ;
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void *middle(void *argument)
{
    while (!stop)
        ;
    return argument;
}

static void *high(void *argument)
{
    pthread_mutex_lock(&mutex);
    stop = 1;
    pthread_mutex_unlock(&mutex);
    sem_post(&done);
    return argument;
}

// `middle` keeps the core until `high` has had what `low` holds: without inheritance, for ever.
static void inversion(int protocol)
{
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setprotocol(&attr, protocol);
    pthread_mutexattr_setprioceiling(&attr, 20);
    pthread_mutex_init(&mutex, &attr);
    stop = 0;
    pthread_t l = urgent(2, low, NULL);
    sem_wait(&held);
    pthread_t h = urgent(20, high, NULL), m = urgent(10, middle, NULL);
    struct timespec limit = in_ms(CLOCK_REALTIME, 8000);
    check("the urgent thread gets the mutex", sem_timedwait(&done, &limit) == 0);
    stop = 1;
    join(l);
    join(m);
    join(h);
}

int main(void)
{
    cpu_set_t first;
    struct sched_param parameter = {.sched_priority = 30};
    sem_init(&held, 0, 0);
    sem_init(&done, 0, 0);
    pthread_mutex_init(&mutex, NULL);
    CPU_ZERO(&first);
    CPU_SET(0, &first);
    gives("affinity", 0, pthread_setaffinity_np(pthread_self(), sizeof first, &first));
    gives("priority", 0, pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameter));
    first_come();
    most_urgent_waiter();
    inversion(PTHREAD_PRIO_INHERIT);
    inversion(PTHREAD_PRIO_PROTECT);
    return finish();
}
