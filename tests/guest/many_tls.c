// Thread-local storage of any size and alignment, errno, keys with destructors: each thread has its own, fresh.
// SPDX-License-Identifier: BSD-3-Clause
#include "manycore.h"
#include <errno.h>
#include <limits.h>

enum { LARGE = 1 << 20, KEYS = 200 };

static __thread char large[LARGE];
static __thread _Alignas(4096) char on_page[4096] = "aligned";
static __thread _Alignas(64) int initialised = 4711;
static _Thread_local long double narrow = 1.5L;
static __thread int *to_itself;

static pthread_key_t keys[KEYS];
static atomic_int destroyed, again;
static pthread_barrier_t together;

static void destroy(void *value)
{
    destroyed++;
    check("a destructor gets the value", value != NULL);
}

static pthread_key_t persistent;

static void set_again(void *value)
{
    again++;
    pthread_setspecific(persistent, value); // for as many rounds as the system cares to make
}

static void *use(void *number)
{
    char mark = (char)((long)number + 1);
    check_is("initialised", initialised, 4711);
    check("initialised memory", strcmp(on_page, "aligned") == 0 && narrow == 1.5L);
    check_is("alignment to a page", (long long)((uintptr_t)on_page % 4096), 0);
    check_is("alignment to a line", (long long)((uintptr_t)&initialised % 64), 0);
    check("zero at first", large[0] == 0 && large[LARGE / 2] == 0 && large[LARGE - 1] == 0 && to_itself == NULL);
    memset(large, mark, LARGE);
    memset(on_page, mark, 4096);
    initialised = mark;
    to_itself = &initialised;
    errno = mark;
    for (int i = 0; i < KEYS; i++) {
        check("no value at first", pthread_getspecific(keys[i]) == NULL);
        pthread_setspecific(keys[i], &large[i]);
    }
    pthread_setspecific(persistent, &initialised);
    pthread_barrier_wait(&together);
    sched_yield();
    check_is("errno", errno, mark);
    check("its own variables", to_itself == &initialised && initialised == mark && on_page[4095] == mark);
    for (int at = 0; at < LARGE; at += 1021)
        if (large[at] != mark)
            check("its own large array", 0);
    for (int i = 0; i < KEYS; i++)
        if (pthread_getspecific(keys[i]) != &large[i])
            check("its own value of a key", 0);
    return NULL;
}

static void many_keys(void)
{
    static pthread_key_t all[PTHREAD_KEYS_MAX];
    int made = 0;
    while (made < PTHREAD_KEYS_MAX && pthread_key_create(&all[made], NULL) == 0)
        made++;
    check("more than 700 keys beside those in use", made > 700);
    while (made)
        check_is("key_delete", pthread_key_delete(all[--made]), 0);
    check_is("a key that was deleted", pthread_setspecific(all[0], &made), EINVAL);
}

int main(void)
{
    for (int i = 0; i < KEYS; i++)
        check_is("key_create", pthread_key_create(&keys[i], destroy), 0);
    pthread_key_create(&persistent, set_again);
    for (int round = 0; round < 3; round++) { // the second time in memory that was used
        destroyed = again = 0;
        pthread_barrier_init(&together, NULL, 8);
        in_threads(8, use);
        pthread_barrier_destroy(&together);
        check_is("destructors", destroyed, 8 * KEYS);
        check("destructors of values that are set again", again >= 8 && again <= 8 * PTHREAD_DESTRUCTOR_ITERATIONS);
    }
    check_is("the main thread's own", initialised, 4711);
    many_keys();
    return conclude();
}
