// Waiting for signals: sigwait and its kin, sigsuspend, pause, poll and select with masks; to which thread a signal of the process goes.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "signal-check.h"

enum { MS = 1000000 };

static volatile int count;
static pthread_t taker, main_thread;

static void note(int number, siginfo_t *info, void *context)
{
    (void)number, (void)info, (void)context;
    taker = pthread_self();
    count++;
}

static sigset_t set_of(int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    return set;
}

static void *sender(void *argument)
{
    struct timespec pause = {0, 10 * MS};
    nanosleep(&pause, NULL);
    kill(getpid(), (int)(long)argument);
    return NULL;
}

static pthread_t later(int number)
{
    pthread_t thread;
    sigset_t all, old;
    // the sender itself blocks everything, so that it goes to another one
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    pthread_create(&thread, NULL, sender, (void *)(long)number);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return thread;
}

static void *waiter(void *argument)
{
    int number = 0;
    sigset_t set = set_of(SIGUSR2);
    check("sigwait in another thread", sigwait(&set, &number) == 0);
    return argument ? argument : (void *)(long)number;
}

static void sigwaits(void)
{
    sigset_t set = set_of(SIGUSR1), old, others = set_of(SIGUSR2);
    struct timespec little = {0, 5 * MS}, none = {0, 0}, wrong = {0, -1}, second = {1, 0};
    siginfo_t info;
    int number = 0;
    sigprocmask(SIG_BLOCK, &set, &old);
    check("nothing yet", sigtimedwait(&set, &info, &none) == -1 && errno == EAGAIN);
    check("for a while", sigtimedwait(&set, &info, &little) == -1 && errno == EAGAIN);
    check("a wrong time", sigtimedwait(&set, &info, &wrong) == -1 && errno == EINVAL);
    raise(SIGUSR1);
    check("pending already", sigtimedwait(&set, &info, &none) == SIGUSR1 && info.si_code == SI_USER && info.si_pid == getpid());
    pthread_t thread = later(SIGUSR1);
    check("comes while one waits", sigwait(&set, &number) == 0 && number == SIGUSR1 && count == 0);
    pthread_join(thread, NULL);
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 77});
    check("with its value", sigwaitinfo(&set, &info) == SIGUSR1 && info.si_code == SI_QUEUE && info.si_int == 77);
    thread = later(SIGUSR2);
    check("another one's handler ends it", sigtimedwait(&set, &info, &second) == -1 && errno == EINTR && count == 1);
    pthread_join(thread, NULL);
    sigprocmask(SIG_BLOCK, &others, NULL);
    pthread_create(&thread, NULL, waiter, NULL);
    usleep(10000);
    kill(getpid(), SIGUSR2);
    void *got;
    pthread_join(thread, &got);
    check("the waiting thread takes it", got == (void *)(long)SIGUSR2 && count == 1);
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void suspending(void)
{
    sigset_t set = set_of(SIGUSR1), old, now;
    sigprocmask(SIG_BLOCK, &set, &old);
    count = 0;
    raise(SIGUSR1);
    check("sigsuspend takes a pending one", sigsuspend(&old) == -1 && errno == EINTR && count == 1);
    sigprocmask(SIG_SETMASK, NULL, &now);
    check("and blocks it again", now & set);
    pthread_t thread = later(SIGUSR1);
    check("sigsuspend waits", sigsuspend(&old) == -1 && errno == EINTR && count == 2);
    pthread_join(thread, NULL);
    sigprocmask(SIG_SETMASK, &old, NULL);
    thread = later(SIGUSR1);
    check("pause", pause() == -1 && errno == EINTR && count == 3 && pthread_equal(taker, main_thread));
    pthread_join(thread, NULL);
}

static void polling(void)
{
    sigset_t set = set_of(SIGUSR1), old;
    struct timespec second = {1, 0}, little = {0, 5 * MS};
    count = 0;
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGUSR1);
    check("ppoll with a mask", ppoll(NULL, 0, &second, &old) == -1 && errno == EINTR && count == 1);
    raise(SIGUSR1);
    check("pselect with a mask", pselect(0, NULL, NULL, NULL, &second, &old) == -1 && errno == EINTR && count == 2);
    raise(SIGUSR1);
    check("pselect without", pselect(0, NULL, NULL, NULL, &little, NULL) == 0 && count == 2);
    sigprocmask(SIG_SETMASK, &old, NULL);
    check("unblocked", count == 3);
    pthread_t thread = later(SIGUSR1);
    check("poll for ever", poll(NULL, 0, -1) == -1 && errno == EINTR && count == 4);
    pthread_join(thread, NULL);
    thread = later(SIGUSR1);
    check("select for ever", select(0, NULL, NULL, NULL, NULL) == -1 && errno == EINTR && count == 5);
    pthread_join(thread, NULL);
}

int main(void)
{
    main_thread = pthread_self();
    handle(SIGUSR1, note, 0, 0);
    handle(SIGUSR2, note, 0, 0);
    sigwaits();
    suspending();
    polling();
    return done();
}
