// Semaphores, unnamed and named.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>

#include "threads.h"

enum { THREADS = 4, ROUNDS = 5000 };

static sem_t sem, full, empty;
static atomic_int inside, most, taken;

static int value(sem_t *which)
{
    int value = -1;
    sem_getvalue(which, &value);
    return value;
}

static void basics(void)
{
    gives("value too large", -1, sem_init(&sem, 0, SEM_VALUE_MAX + 1u));
    check("its error", errno == EINVAL);
    gives("init", 0, sem_init(&sem, 0, 2));
    gives("wait", 0, sem_wait(&sem));
    gives("trywait", 0, sem_trywait(&sem));
    check("empty", sem_trywait(&sem) == -1 && errno == EAGAIN && value(&sem) == 0);
    struct timespec soon = in_ms(CLOCK_REALTIME, 20), mono = in_ms(CLOCK_MONOTONIC, 40), wrong = {0, -1}, past = {1, 0};
    long long before = now(CLOCK_MONOTONIC);
    check("timedwait", sem_timedwait(&sem, &soon) == -1 && errno == ETIMEDOUT);
    check("it waited", now(CLOCK_MONOTONIC) - before >= 19 * MS);
    check("clockwait", sem_clockwait(&sem, CLOCK_MONOTONIC, &mono) == -1 && errno == ETIMEDOUT);
    check("wrong time", sem_timedwait(&sem, &wrong) == -1 && errno == EINVAL);
    check("past", sem_timedwait(&sem, &past) == -1 && errno == ETIMEDOUT);
    gives("post", 0, sem_post(&sem));
    gives("a wrong time does not matter where none is needed", 0, sem_timedwait(&sem, &wrong));
    gives("destroy", 0, sem_destroy(&sem));
    sem_init(&sem, 0, SEM_VALUE_MAX);
    check("overflow", sem_post(&sem) == -1 && errno == EOVERFLOW && value(&sem) == SEM_VALUE_MAX);
}

static void *pass(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        sem_wait(&sem);
        int here = ++inside;
        if (here > most)
            most = here;
        inside--;
        sem_post(&sem);
    }
    return argument;
}

static void *produce(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        sem_wait(&empty);
        sem_post(&full);
    }
    return argument;
}

static void *consume(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        sem_wait(&full);
        taken++;
        sem_post(&empty);
    }
    return argument;
}

static void counting(void)
{
    pthread_t threads[THREADS];
    sem_init(&sem, 1, 2);
    for (int i = 0; i < THREADS; i++)
        threads[i] = start(pass, NULL);
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    check("no more than two at once", most <= 2 && value(&sem) == 2);
    sem_init(&full, 0, 0);
    sem_init(&empty, 0, 3);
    pthread_t producer = start(produce, NULL), consumer = start(consume, NULL);
    join(producer);
    join(consumer);
    check("all was passed on", taken == ROUNDS && value(&full) == 0 && value(&empty) == 3);
}

static void *post_and_forget(void *argument)
{
    sem_post(argument);
    return NULL;
}

static void short_lived(void)
{
    for (int i = 0; i < 200; i++) {
        sem_t *heap = malloc(sizeof *heap);
        sem_init(heap, 0, 0);
        pthread_t thread = start(post_and_forget, heap);
        sem_wait(heap);
        gives("destroy right after the wait", 0, sem_destroy(heap));
        memset(heap, 0xff, sizeof *heap);
        free(heap);
        join(thread);
    }
}

static void named(void)
{
    char too_long[300];
    memset(too_long, 'x', sizeof too_long - 1);
    too_long[299] = 0;
    check("open what is not there", sem_open("/nothing", 0) == SEM_FAILED && errno == ENOENT);
    check("a name that is too long", sem_open(too_long, O_CREAT, 0600, 1) == SEM_FAILED && errno == ENAMETOOLONG);
    check("an empty name", sem_open("/", O_CREAT, 0600, 1) == SEM_FAILED && errno == EINVAL);
    check("a folder", sem_open("/a/b", O_CREAT, 0600, 1) == SEM_FAILED && errno == EINVAL);
    check("too large a value", sem_open("/large", O_CREAT, 0600, SEM_VALUE_MAX + 1u) == SEM_FAILED && errno == EINVAL);
    sem_t *one = sem_open("/one", O_CREAT | O_EXCL, 0600, 3), *again = sem_open("/one", O_CREAT, 0600, 9);
    check("made", one != SEM_FAILED && value(one) == 3);
    check("the same again", one == again);
    check("not again", sem_open("/one", O_CREAT | O_EXCL, 0600, 3) == SEM_FAILED && errno == EEXIST);
    gives("unlink", 0, sem_unlink("/one"));
    check("unlink again", sem_unlink("/one") == -1 && errno == ENOENT);
    check("no name, but still here", sem_wait(one) == 0 && value(again) == 2);
    sem_t *other = sem_open("/one", O_CREAT, 0600, 1);
    check("another one of that name", other != one && value(other) == 1);
    gives("close", 0, sem_close(one));
    gives("close the second", 0, sem_close(again));
    gives("close the other", 0, sem_close(other));
    check("closed for good", sem_close(one) == -1 && errno == EINVAL);
    gives("unlink the other", 0, sem_unlink("/one"));
}

int main(void)
{
    basics();
    counting();
    short_lived();
    named();
    return finish();
}
