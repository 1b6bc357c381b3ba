// Threads of C11.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits.h>
#include <threads.h>

#include "threads.h"

static mtx_t mutex;
static cnd_t cond;
static tss_t key;
static once_flag flag = ONCE_FLAG_INIT;
static thread_local int local = 3;
static atomic_int calls, destroyed;
static int turn, counter;

static int give(void *argument)
{
    return *(int *)argument;
}

static int leave(void *argument)
{
    thrd_exit(*(int *)argument - 1);
}

static int count_up(void *argument)
{
    (void)argument;
    for (int i = 0; i < 10000; i++) {
        mtx_lock(&mutex);
        counter++;
        mtx_unlock(&mutex);
    }
    return 0;
}

static int busy(void *argument)
{
    struct timespec soon = in_ms(CLOCK_REALTIME, 20);
    return mtx_trylock(argument) == thrd_busy && mtx_timedlock(argument, &soon) == thrd_timedout;
}

static int wait_turn(void *argument)
{
    mtx_lock(&mutex);
    while (turn == 0)
        cnd_wait(&cond, &mutex);
    turn--;
    mtx_unlock(&mutex);
    (void)argument;
    return 0;
}

static void called(void)
{
    calls++;
}

static int once(void *argument)
{
    (void)argument;
    call_once(&flag, called);
    return ++local;
}

static void destroy(void *value)
{
    destroyed += (int)(long)value;
}

static int specific(void *argument)
{
    check("tss_get of nothing", tss_get(key) == NULL);
    check("tss_set", tss_set(key, argument) == thrd_success && tss_get(key) == argument);
    return 0;
}

static int run(thrd_start_t function, void *argument)
{
    thrd_t thread;
    int result = 0;
    check("thrd_create", thrd_create(&thread, function, argument) == thrd_success);
    check("thrd_join", thrd_join(thread, &result) == thrd_success);
    return result;
}

int main(void)
{
    int value = INT_MIN, other = 1;
    check("a thread's result", run(give, &value) == INT_MIN);
    check("thrd_exit's result", run(leave, &other) == 0);
    check("plain", mtx_init(&mutex, mtx_plain) == thrd_success && cnd_init(&cond) == thrd_success);
    thrd_t threads[4];
    for (int i = 0; i < 4; i++)
        check("start", thrd_create(&threads[i], count_up, NULL) == thrd_success);
    for (int i = 0; i < 4; i++)
        thrd_join(threads[i], NULL);
    check("exclusion", counter == 40000);
    mtx_t timed, twice;
    check("timed", mtx_init(&timed, mtx_timed) == thrd_success);
    check("recursive", mtx_init(&twice, mtx_recursive | mtx_timed) == thrd_success);
    check("wrong type", mtx_init(&twice, 99) == thrd_error);
    mtx_lock(&timed);
    check("busy", run(busy, &timed) == 1);
    mtx_unlock(&timed);
    check("lock twice", mtx_lock(&twice) == thrd_success && mtx_lock(&twice) == thrd_success);
    check("unlock twice", mtx_unlock(&twice) == thrd_success && mtx_unlock(&twice) == thrd_success);
    mtx_destroy(&timed);
    mtx_destroy(&twice);
    for (int i = 0; i < 4; i++)
        thrd_create(&threads[i], wait_turn, NULL);
    mtx_lock(&mutex);
    turn = 1;
    cnd_signal(&cond);
    mtx_unlock(&mutex);
    mtx_lock(&mutex);
    turn += 3;
    cnd_broadcast(&cond);
    mtx_unlock(&mutex);
    for (int i = 0; i < 4; i++)
        thrd_join(threads[i], NULL);
    check("all had their turn", turn == 0);
    struct timespec soon = in_ms(CLOCK_REALTIME, 20), left = {0, 5 * MS}, wrong = {0, -1};
    mtx_lock(&mutex);
    check("cnd_timedwait", cnd_timedwait(&cond, &mutex, &soon) == thrd_timedout);
    mtx_unlock(&mutex);
    cnd_destroy(&cond);
    mtx_destroy(&mutex);
    check("once, locals", run(once, NULL) == 4 && run(once, NULL) == 4 && calls == 1 && local == 3);
    check("tss_create", tss_create(&key, destroy) == thrd_success);
    run(specific, (void *)6);
    check("destroyed", destroyed == 6);
    tss_delete(key);
    check("thrd_sleep", thrd_sleep(&left, NULL) == 0 && thrd_sleep(&wrong, NULL) < -1);
    check("equal", thrd_equal(thrd_current(), thrd_current()) && !thrd_equal(thrd_current(), threads[0]));
    check("detach", thrd_create(&threads[0], give, &value) == thrd_success && thrd_detach(threads[0]) == thrd_success);
    check("join of a detached thread", thrd_join(threads[0], NULL) == thrd_error);
    thrd_yield();
    return finish();
}
