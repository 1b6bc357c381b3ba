// How a program of many threads ends: faults, exits and deadlocks while others run. Its argument says which.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, two = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;
static atomic_int running;
static volatile int zero;
static pthread_t main_thread;
static sem_t never;

static void *spin(void *unused)
{
    for (running++;; zero = 0)
        ;
    return unused;
}

static void busy(void)
{
    for (int i = 0; i < 3; i++)
        start(spin, NULL);
    while (running < 3)
        sched_yield();
}

__attribute__((noinline)) static int overflow_from(int depth)
{
    volatile char frame[5000];
    frame[0] = (char)depth;
    return zero ? 0 : overflow_from(depth + 1) + frame[0];
}

static void *overflow(void *unused)
{
    zero = overflow_from(0);
    return unused;
}

static void *null_write(void *unused)
{
    *(volatile int *)(uintptr_t)zero = 1;
    return unused;
}

static void *call_exit(void *unused)
{
    exit(7);
    return unused;
}

static void *call_abort(void *unused)
{
    abort();
    return unused;
}

static void *ends_last(void *unused)
{
    sleep_ms(20);
    printf("the last thread\n");
    return unused;
}

static void *lock_two_then_one(void *unused)
{
    pthread_mutex_lock(&two);
    pthread_barrier_wait(&both);
    pthread_mutex_lock(&one);
    return unused;
}

static void deadlocked(void)
{
    pthread_barrier_init(&both, NULL, 2);
    start(lock_two_then_one, NULL);
    pthread_mutex_lock(&one);
    pthread_barrier_wait(&both);
    pthread_mutex_lock(&two);
}

// Whoever comes last closes the circle.
static void join_in_circle(pthread_t other)
{
    check_is("a join that closes a circle", pthread_join(other, NULL), EDEADLK);
    exit(conclude());
}

static void *join_main(void *unused)
{
    join_in_circle(main_thread);
    return unused;
}

static void *wait_for_nobody(void *unused)
{
    while (sem_wait(&never) != 0)
        ;
    return unused;
}

static void *wake_later(void *unused)
{
    sleep_ms(30);
    sem_post(&never);
    return unused;
}

static void overflow_of_thread(void) { end(start(overflow, NULL)); }
static void overflow_while_busy(void) { busy(); end(start(overflow, NULL)); }
static void fault_while_busy(void) { busy(); end(start(null_write, NULL)); }
static void fault_of_main(void) { busy(); null_write(NULL); }
static void exit_while_busy(void) { busy(); exit(5); }
static void exit_of_thread(void) { busy(); end(start(call_exit, NULL)); }
static void abort_of_thread(void) { busy(); end(start(call_abort, NULL)); }
static void return_while_busy(void) { busy(); }
static void signal_while_busy(void) { busy(); kill(getpid(), SIGTERM); sleep(10); }
static void main_leaves(void) { start(ends_last, NULL); pthread_exit(NULL); }
static void joins_in_a_circle(void) { join_in_circle(start(join_main, NULL)); }
static void many_wait(void) { for (int i = 0; i < 5; i++) start(wait_for_nobody, NULL); wait_for_nobody(NULL); }
static void one_sleeps(void) { start(wake_later, NULL); wait_for_nobody(NULL); printf("woken\n"); }

static void *wait_for_signal(void *unused)
{
    sigset_t set;
    int number;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    sigwait(&set, &number);
    printf("the alarm came\n");
    exit(0);
    return unused;
}

static void alarm_comes(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    start(wait_for_signal, NULL);
    alarm(1);
    wait_for_nobody(NULL);
}

static void *read_input(void *unused)
{
    char byte;
    while (read(0, &byte, 1) == 1)
        ;
    printf("the input ended\n");
    sem_post(&never);
    return unused;
}

static void input_comes(void) { start(read_input, NULL); wait_for_nobody(NULL); }

static const struct {
    const char *name;
    void (*act)(void);
} endings[] = {
    {"overflow", overflow_of_thread}, {"overflow-busy", overflow_while_busy}, {"fault-busy", fault_while_busy},
    {"fault-main", fault_of_main},    {"exit-main", exit_while_busy},         {"exit-thread", exit_of_thread},
    {"abort", abort_of_thread},       {"return", return_while_busy},          {"term", signal_while_busy},
    {"main-leaves", main_leaves},     {"deadlock", deadlocked},               {"circle", joins_in_a_circle},
    {"wait", many_wait},              {"sleeper", one_sleeps},                {"alarm", alarm_comes},
    {"input", input_comes},
};

int main(int argc, char **argv)
{
    printf("before\n");
    fflush(stdout);
    main_thread = pthread_self();
    sem_init(&never, 0, 0);
    for (unsigned i = 0; argc > 1 && i < sizeof endings / sizeof *endings; i++)
        if (strcmp(argv[1], endings[i].name) == 0)
            endings[i].act();
    return 0;
}
