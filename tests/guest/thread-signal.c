// Signals and threads: to one of them, masks of their own, waiting for signals, handlers that interrupt waits.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <semaphore.h>
#include <signal.h>

#include "threads.h"

static atomic_int reached, handled, stop;
static _Atomic(pthread_t) handler_thread;
static sem_t sem;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void handler(int number)
{
    (void)number;
    handler_thread = pthread_self();
    handled++;
}

static void install(int number, int flags)
{
    struct sigaction action = {.sa_flags = flags};
    action.sa_handler = handler;
    sigaction(number, &action, NULL);
}

static void *spin(void *argument)
{
    reached++;
    while (!stop)
        ;
    return argument;
}

static void *wait_sem(void *argument)
{
    (void)argument;
    reached++;
    return (void *)(long)(sem_wait(&sem) == 0 ? 0 : errno);
}

static void *nap(void *argument)
{
    struct timespec time = {100, 0}, left = {0, 0};
    (void)argument;
    reached++;
    int result = nanosleep(&time, &left);
    return (void *)(long)(result == -1 && errno == EINTR && left.tv_sec > 90);
}

static void *wait_cond(void *argument)
{
    pthread_mutex_lock(&mutex);
    reached++;
    while (!stop)
        gives("a handler does not end the wait with an error", 0, pthread_cond_wait(&cond, &mutex));
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void to_threads(void)
{
    install(SIGUSR1, 0);
    reached = handled = stop = 0;
    pthread_t thread = start(spin, NULL);
    reaches(&reached, 1);
    gives("kill with 0", 0, pthread_kill(thread, 0));
    gives("kill with no signal", EINVAL, pthread_kill(thread, 1000));
    gives("kill of a running thread", 0, pthread_kill(thread, SIGUSR1));
    check("it handled it", reaches(&handled, 1) && handler_thread == thread);
    stop = 1;
    join(thread);
    gives("kill of oneself", 0, pthread_kill(pthread_self(), SIGUSR1));
    check("handled at once", handled == 2 && handler_thread == pthread_self());
    reached = 0;
    thread = start(wait_sem, NULL);
    reaches(&reached, 1);
    sleep_ms(10);
    pthread_kill(thread, SIGUSR1);
    check("it interrupts sem_wait", join(thread) == (void *)EINTR);
    install(SIGUSR1, SA_RESTART);
    reached = handled = 0;
    thread = start(wait_sem, NULL);
    reaches(&reached, 1);
    sleep_ms(10);
    pthread_kill(thread, SIGUSR1);
    reaches(&handled, 1);
    sem_post(&sem);
    check("with SA_RESTART it does not", join(thread) == 0);
    reached = 0;
    thread = start(nap, NULL);
    reaches(&reached, 1);
    sleep_ms(10);
    pthread_kill(thread, SIGUSR1);
    check("it interrupts nanosleep", join(thread) == (void *)1);
    install(SIGUSR1, 0);
    reached = handled = stop = 0;
    thread = start(wait_cond, NULL);
    reaches(&reached, 1);
    for (int i = 1; i <= 20; i++) {
        pthread_kill(thread, SIGUSR1);
        reaches(&handled, i);
    }
    pthread_mutex_lock(&mutex);
    stop = 1;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
    join(thread);
}

static void *inherits(void *argument)
{
    sigset_t set, before;
    pthread_sigmask(SIG_BLOCK, NULL, &set);
    int inherited = sigismember(&set, SIGUSR2);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    gives("sigmask", 0, pthread_sigmask(SIG_BLOCK, &set, &before));
    gives("wrong how", EINVAL, pthread_sigmask(77, &set, NULL));
    (void)argument;
    return (void *)(long)inherited;
}

static void *sigwaiter(void *argument)
{
    siginfo_t info;
    int number;
    reached++;
    gives("sigwait", 0, sigwait(argument, &number));
    check("the number", number == SIGUSR2);
    reached++;
    check("sigwaitinfo", sigwaitinfo(argument, &info) == SIGUSR2 && info.si_value.sival_int == 42);
    return NULL;
}

static void masks(void)
{
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    pthread_sigmask(SIG_BLOCK, &set, &old);
    check("the mask is inherited", join(start(inherits, NULL)) == (void *)1);
    sigset_t now;
    pthread_sigmask(SIG_BLOCK, NULL, &now);
    check("and a thread's own", !sigismember(&now, SIGUSR1));
    reached = 0;
    pthread_t thread = start(sigwaiter, &set);
    reaches(&reached, 1);
    pthread_kill(thread, SIGUSR2);
    reaches(&reached, 2);
    gives("sigqueue", 0, pthread_sigqueue(thread, SIGUSR2, (union sigval){.sival_int = 42}));
    join(thread);
    gives("sigqueue to one that is gone", ESRCH, pthread_sigqueue(thread, SIGUSR2, (union sigval){.sival_int = 1}));
    reached = 0;
    thread = start(sigwaiter, &set);
    reaches(&reached, 1);
    kill(getpid(), SIGUSR2);
    check("a signal to the process goes to who waits for it", reaches(&reached, 2));
    pthread_sigqueue(thread, SIGUSR2, (union sigval){.sival_int = 42});
    join(thread);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void *poster(void *argument)
{
    for (int i = 0; i < 1000; i++)
        pthread_kill(*(pthread_t *)argument, SIGUSR1);
    return NULL;
}

static void post(int number)
{
    (void)number;
    sem_post(&sem);
}

// Handlers that post while their thread creates, joins and waits.
static void storm(void)
{
    pthread_t self = pthread_self();
    struct sigaction action = {.sa_flags = SA_RESTART};
    action.sa_handler = post;
    sigaction(SIGUSR1, &action, NULL);
    pthread_t thread = start(poster, &self);
    for (int i = 0; i < 200; i++)
        join(start(inherits, NULL));
    join(thread);
    int posted = 0;
    while (sem_trywait(&sem) == 0)
        posted++;
    check("some came through", posted > 0 && posted <= 1000);
}

int main(void)
{
    sem_init(&sem, 0, 0);
    to_threads();
    masks();
    storm();
    return finish();
}
