// Read-write locks: sharing, exclusion, timeouts, preference of writers, errors.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "threads.h"

enum { ROUNDS = 5000, THREADS = 4 };

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int readers, most, writers, reached;
static long one, two;

static void *try_read(void *argument)
{
    int error = pthread_rwlock_tryrdlock(argument);
    if (error == 0)
        pthread_rwlock_unlock(argument);
    return (void *)(long)error;
}

static void *try_write(void *argument)
{
    int error = pthread_rwlock_trywrlock(argument);
    if (error == 0)
        pthread_rwlock_unlock(argument);
    return (void *)(long)error;
}

static void *in_time(void *argument)
{
    struct timespec soon = in_ms(CLOCK_REALTIME, 20), mono = in_ms(CLOCK_MONOTONIC, 30), wrong = {0, -1};
    gives("timedwrlock", ETIMEDOUT, pthread_rwlock_timedwrlock(argument, &soon));
    gives("clockwrlock", ETIMEDOUT, pthread_rwlock_clockwrlock(argument, CLOCK_MONOTONIC, &mono));
    gives("wrong time", EINVAL, pthread_rwlock_timedwrlock(argument, &wrong));
    return NULL;
}

static void *read_in_time(void *argument)
{
    struct timespec soon = in_ms(CLOCK_REALTIME, 20), mono = in_ms(CLOCK_MONOTONIC, 30), wrong = {0, SECOND};
    gives("timedrdlock", ETIMEDOUT, pthread_rwlock_timedrdlock(argument, &soon));
    gives("clockrdlock", ETIMEDOUT, pthread_rwlock_clockrdlock(argument, CLOCK_MONOTONIC, &mono));
    gives("wrong time", EINVAL, pthread_rwlock_timedrdlock(argument, &wrong));
    return NULL;
}

static void basics(void)
{
    gives("read", 0, pthread_rwlock_rdlock(&lock));
    gives("read again", 0, pthread_rwlock_rdlock(&lock));
    check("another reader", join(start(try_read, &lock)) == 0);
    check("no writer", join(start(try_write, &lock)) == (void *)EBUSY);
    join(start(in_time, &lock));
    check("readers after a writer gave up", join(start(try_read, &lock)) == 0);
    gives("destroy of a held lock", EBUSY, pthread_rwlock_destroy(&lock));
    gives("unlock", 0, pthread_rwlock_unlock(&lock));
    gives("unlock", 0, pthread_rwlock_unlock(&lock));
    gives("write", 0, pthread_rwlock_wrlock(&lock));
    gives("write again", EDEADLK, pthread_rwlock_wrlock(&lock));
    gives("read as the writer", EDEADLK, pthread_rwlock_rdlock(&lock));
    check("no reader", join(start(try_read, &lock)) == (void *)EBUSY);
    join(start(read_in_time, &lock));
    join(start(in_time, &lock));
    gives("unlock", 0, pthread_rwlock_unlock(&lock));
    gives("unlock of a free lock", EPERM, pthread_rwlock_unlock(&lock));
    pthread_rwlock_t other;
    gives("init", 0, pthread_rwlock_init(&other, NULL));
    gives("destroy", 0, pthread_rwlock_destroy(&other));
    gives("use after it", EINVAL, pthread_rwlock_rdlock(&other));
}

static void *mixed(void *argument)
{
    unsigned seed = (unsigned)(long)argument;
    for (int i = 0; i < ROUNDS; i++) {
        seed = seed * 1103515245 + 12345;
        if (seed >> 16 & 3) {
            pthread_rwlock_rdlock(&lock);
            int now = ++readers;
            if (now > most)
                most = now;
            if (one != two || writers)
                check("a reader sees no half of a change", 0);
            readers--;
        } else {
            pthread_rwlock_wrlock(&lock);
            if (++writers != 1 || readers)
                check("a writer is alone", 0);
            one++;
            two++;
            writers--;
        }
        pthread_rwlock_unlock(&lock);
    }
    return NULL;
}

static void exclusion(int kind)
{
    pthread_rwlockattr_t attr;
    pthread_t threads[THREADS];
    int value;
    pthread_rwlockattr_init(&attr);
    gives("setkind", 0, pthread_rwlockattr_setkind_np(&attr, kind));
    pthread_rwlockattr_getkind_np(&attr, &value);
    check("kind kept", value == kind);
    gives("wrong kind", EINVAL, pthread_rwlockattr_setkind_np(&attr, 7));
    gives("pshared", 0, pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED));
    pthread_rwlock_init(&lock, &attr);
    for (long i = 0; i < THREADS; i++)
        threads[i] = start(mixed, (void *)(i + 1));
    for (int i = 0; i < THREADS; i++)
        join(threads[i]);
    check("all changes were made whole", one == two);
}

static void *write_later(void *argument)
{
    reached++;
    pthread_rwlock_wrlock(argument);
    reached++;
    pthread_rwlock_unlock(argument);
    return NULL;
}

// Whether a new reader gets a lock that is read while a writer waits, and whether one who reads already does.
static void preference(int kind, int fresh, int again)
{
    pthread_rwlockattr_t attr;
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, kind);
    pthread_rwlock_init(&lock, &attr);
    reached = 0;
    pthread_rwlock_rdlock(&lock);
    pthread_t writer = start(write_later, &lock);
    reaches(&reached, 1);
    sleep_ms(30);
    check("a new reader beside a waiting writer", (join(start(try_read, &lock)) == 0) == fresh);
    int got = pthread_rwlock_tryrdlock(&lock) == 0;
    check("who reads already beside a waiting writer", got == again);
    if (got)
        pthread_rwlock_unlock(&lock);
    check("the writer waits", reached == 1);
    pthread_rwlock_unlock(&lock);
    join(writer);
    check("the writer came", reached == 2);
}

int main(void)
{
    basics();
    for (int kind = 0; kind <= PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP; kind++)
        exclusion(kind);
    preference(PTHREAD_RWLOCK_PREFER_READER_NP, 1, 1);
    preference(PTHREAD_RWLOCK_PREFER_WRITER_NP, 0, 1);
    preference(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP, 0, 0);
    return finish();
}
