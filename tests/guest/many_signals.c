// Signals under load: to threads that spin, wait and lock; from timers; faults that handlers mend, in all threads at once.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <errno.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

enum { THREADS = 4 };

static atomic_long handled, elsewhere;
static atomic_int stop, ready;
static __thread volatile int mine;
static __thread sigjmp_buf place;
static sem_t posted;
static volatile uintptr_t nowhere = 8;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void install(int number, void (*handler)(int, siginfo_t *, void *), int flags)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = flags | SA_SIGINFO};
    sigemptyset(&action.sa_mask);
    check_is("sigaction", sigaction(number, &action, NULL), 0);
}

static void count(int number, siginfo_t *info, void *context)
{
    check_is("the number in siginfo", info->si_signo, number);
    elsewhere += mine == 0;
    mine++;
    handled++;
    (void)context;
}

// Integer and vector registers live over a handler that uses both.
static void *spin(void *unused)
{
    double sums[8] = {0}, expected[8] = {0};
    mine = 1;
    ready++;
    for (long round = 0; !stop; round++) {
        for (int lane = 0; lane < 8; lane++) {
            sums[lane] += (double)(round % 1000 + lane);
            expected[lane] += (double)(round % 1000 + lane);
        }
        for (int lane = 0; lane < 8; lane++)
            if (sums[lane] != expected[lane])
                check("registers over a handler", 0);
    }
    return unused;
}

static void *lock_and_allocate(void *unused)
{
    mine = 1;
    ready++;
    while (!stop) {
        pthread_mutex_lock(&mutex);
        char *memory = malloc(100);
        memset(memory, 1, 100);
        pthread_mutex_unlock(&mutex);
        free(memory);
    }
    return unused;
}

static void *doze(void *unused)
{
    mine = 1;
    ready++;
    while (!stop)
        usleep(100);
    return unused;
}

static void to_threads(const char *what, void *(*body)(void *))
{
    pthread_t made[THREADS];
    long sent = 0;
    stop = ready = 0;
    handled = 0;
    for (int i = 0; i < THREADS; i++)
        made[i] = start(body, NULL);
    while (ready < THREADS)
        sched_yield();
    for (long long until = now_ns() + budget * 1000000LL; now_ns() < until; sent++) {
        check_is("pthread_kill", pthread_kill(made[sent % THREADS], SIGUSR1), 0);
        if (sent % 16 == 15) // wait until all have come: none is lost that was not merged
            for (int i = 0; i < 5000 && handled * 16 < sent; i++)
                usleep(100);
    }
    for (int i = 0; i < 1000 && handled == 0; i++)
        sleep_ms(1);
    stop = 1;
    for (int i = 0; i < THREADS; i++)
        end(made[i]);
    printf("%s: %ld sent, %ld handled\n", what, sent, (long)handled);
    check(what, handled > 0 && handled <= sent);
    check_is("signals handled by the wrong thread", elsewhere, 0);
}

static void post(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info, (void)context;
    sem_post(&posted);
}

static void interval_timer(void)
{
    struct itimerval every = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    install(SIGALRM, post, SA_RESTART);
    sem_init(&posted, 0, 0);
    check_is("setitimer", setitimer(ITIMER_REAL, &every, NULL), 0);
    for (int i = 0; i < 20; i++)
        while (sem_wait(&posted) != 0)
            ;
    setitimer(ITIMER_REAL, &never, NULL);
}

static void jump(int number, siginfo_t *info, void *context)
{
    check("a context is given", context != NULL && info->si_signo == number);
    siglongjmp(place, 1);
}

static void *fault_often(void *unused)
{
    volatile int survived = 0;
    for (volatile int i = 0; i < 50; i++) {
        if (sigsetjmp(place, 1) == 0) {
            *(volatile int *)nowhere = 1;
            check("a store to no memory goes through", 0);
        }
        survived++;
    }
    check_is("faults survived", survived, 50);
    return unused;
}

static void *take_signals(void *set)
{
    int number = 0, got = 0;
    while (sigwait(set, &number) == 0 && number != SIGTERM)
        got += number == SIGUSR2;
    return (void *)(long)got;
}

static void waiting(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGTERM);
    check_is("pthread_sigmask", pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
    pthread_t taker = start(take_signals, &set);
    for (int i = 0; i < 20; i++) {
        kill(getpid(), SIGUSR2);
        sleep_ms(1);
    }
    kill(getpid(), SIGTERM);
    long got = (long)end(taker);
    check("sigwait takes what is sent to the process", got > 0 && got <= 20);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        budget *= atoi(argv[1]);
    install(SIGUSR1, count, SA_RESTART);
    install(SIGSEGV, jump, 0);
    to_threads("threads that spin", spin);
    to_threads("threads that lock and allocate", lock_and_allocate);
    to_threads("threads that sleep", doze);
    interval_timer();
    in_threads(THREADS, fault_often);
    waiting();
    return conclude();
}
