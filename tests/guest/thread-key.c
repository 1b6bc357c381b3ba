// Thread-specific data and thread-local variables.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <limits.h>

#include "threads.h"

static pthread_key_t key, again, many[PTHREAD_KEYS_MAX];
static atomic_int destroyed, rounds;
static __thread int local = 5, zero;
static __thread _Alignas(64) char aligned[64];

static void destroy(void *value)
{
    check("the value is unset in its destructor", pthread_getspecific(key) == NULL);
    destroyed += (int)(long)value;
}

static void set_again(void *value)
{
    rounds++;
    pthread_setspecific(again, value);
}

static void *use(void *argument)
{
    check("unset at first", pthread_getspecific(key) == NULL);
    gives("setspecific", 0, pthread_setspecific(key, argument));
    pthread_setspecific(again, argument);
    check("kept", pthread_getspecific(key) == argument);
    return NULL;
}

static void *no_value(void *argument)
{
    pthread_setspecific(key, argument);
    pthread_setspecific(key, NULL);
    return NULL;
}

static void *use_many(void *argument)
{
    long count = (long)argument;
    for (long i = 0; i < count; i++)
        if (pthread_setspecific(many[i], (void *)(i + 1)))
            check("set one of many", 0);
    for (long i = 0; i < count; i++)
        if (pthread_getspecific(many[i]) != (void *)(i + 1))
            check("get one of many", 0);
    return NULL;
}

static void counted(void *value)
{
    (void)value;
    destroyed++;
}

static void *locals(void *argument)
{
    check("thread-local variables start anew", local == 5 && zero == 0 && ((long)aligned & 63) == 0 && aligned[9] == 0);
    local = (int)(long)argument;
    zero = 7;
    aligned[9] = 3;
    sleep_ms(5);
    check("and are a thread's own", local == (int)(long)argument);
    return &local;
}

int main(void)
{
    gives("key_create", 0, pthread_key_create(&key, destroy));
    gives("key_create", 0, pthread_key_create(&again, set_again));
    join(start(use, (void *)3));
    join(start(use, (void *)4));
    check("destructors ran", destroyed == 7);
    check("as often as they may", rounds == 2 * PTHREAD_DESTRUCTOR_ITERATIONS);
    join(start(no_value, (void *)100));
    check("no destructor without a value", destroyed == 7);
    gives("key_delete", 0, pthread_key_delete(again));
    gives("key_delete again", EINVAL, pthread_key_delete(again));
    gives("setspecific of a deleted key", EINVAL, pthread_setspecific(again, &key));
    gives("setspecific of no key", EINVAL, pthread_setspecific(100000, &key));
    check("getspecific of no key", pthread_getspecific(100000) == NULL);
    pthread_setspecific(key, (void *)9);
    gives("delete with a value", 0, pthread_key_delete(key));
    gives("create anew", 0, pthread_key_create(&key, NULL));
    check("a new key has no value", pthread_getspecific(key) == NULL);
    pthread_key_delete(key);
    long made = 0;
    while (made < PTHREAD_KEYS_MAX && pthread_key_create(&many[made], counted) == 0)
        made++;
    check("nearly all keys", made >= PTHREAD_KEYS_MAX - 8); // the C library may have some itself
    gives("no more keys", EAGAIN, made < PTHREAD_KEYS_MAX ? pthread_key_create(&key, NULL) : EAGAIN);
    destroyed = 0;
    join(start(use_many, (void *)made));
    check("all were destroyed", destroyed == made);
    for (long i = 0; i < made; i++)
        pthread_key_delete(many[i]);
    gives("keys again", 0, pthread_key_create(&key, NULL));
    pthread_t one = start(locals, (void *)1), other = start(locals, (void *)2);
    void *first = join(one), *second = join(other);
    check("apart", first != second && local == 5);
    join(start(locals, (void *)3));
    return finish();
}
