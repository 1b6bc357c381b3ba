// Timers: alarm, setitimer, timer_create with all ways to tell; their precision, overruns, and what is left.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "signal-check.h"

enum { MS = 1000000, S = 1000000000 };

static int prompt;
static volatile int count, code, number, overrun;
static volatile long long came;
static void *volatile value;

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1LL * S + time.tv_nsec;
}

static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    came = now();
    number = signal;
    code = info->si_code;
    value = info->si_ptr;
    overrun = info->si_overrun;
    count++;
}

static struct itimerspec spec(long long first, long long interval)
{
    return (struct itimerspec){{interval / S, interval % S}, {first / S, first % S}};
}

static void spin_until(int wanted, long long most)
{
    long long end = now() + most;
    while (count < wanted && now() < end)
        ;
}

static void alarms(void)
{
    long long start = now();
    check("no alarm yet", alarm(1) == 0);
    check("what is left", alarm(1) == 1);
    errno = 0;
    check("pause", pause() == -1 && errno == EINTR && count == 1 && number == SIGALRM);
    check("after a second", came - start >= S && came - start < S + S / 2);
    check("sleep's rest", alarm(1) == 0 && sleep(3) - 1 <= 1 && count == 2);
    alarm(100);
    check("taken back", alarm(0) == 100 && count == 2);

    struct itimerval setting = {{0, 2000}, {0, 1000}}, old;
    count = 0;
    start = now();
    setitimer(ITIMER_REAL, &setting, NULL);
    spin_until(5, S);
    check("a spinning thread gets its alarms", count >= 5 && came - start >= 9 * MS);
    getitimer(ITIMER_REAL, &old);
    check("its interval", old.it_interval.tv_usec == 2000 && old.it_value.tv_usec <= 2000 && old.it_value.tv_usec > 0);
    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);

    count = 0;
    setting = (struct itimerval){{0, 0}, {0, 300000}};
    check("processor time", setitimer(ITIMER_PROF, &setting, NULL) == 0);
    usleep(50000);
    check("does not pass in sleep", count == 0);
    start = now();
    spin_until(1, 3LL * S);
    check("SIGPROF", count == 1 && number == SIGPROF && came - start > 5 * MS);
    count = 0;
    setting.it_value.tv_usec = 20000;
    setitimer(ITIMER_VIRTUAL, &setting, NULL);
    spin_until(1, 3LL * S);
    check("SIGVTALRM", count == 1 && number == SIGVTALRM);
    setting.it_value.tv_usec = 1000000;
    check("wrong time", setitimer(ITIMER_REAL, &setting, NULL) == -1 && errno == EINVAL);
    check("wrong timer", getitimer(7, &old) == -1 && errno == EINVAL);
}

static void precise(clockid_t clock, int absolute)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 3};
    struct itimerspec setting, left;
    struct timespec time;
    timer_t timer;
    sigset_t all, old;
    sigfillset(&all);
    event.sigev_value.sival_ptr = &event;
    check("timer_create", timer_create(clock, &event, &timer) == 0);
    for (int i = 0; i < 20; i++) {
        long long wait = (i + 1) * 500000LL, start = now();
        setting = spec(wait, 0);
        if (absolute) {
            clock_gettime(clock, &time);
            setting = spec(time.tv_sec * 1LL * S + time.tv_nsec + wait, 0);
        }
        count = 0;
        timer_settime(timer, absolute ? TIMER_ABSTIME : 0, &setting, NULL);
        timer_gettime(timer, &left);
        check("what is left", left.it_value.tv_sec == 0 && left.it_value.tv_nsec <= wait && (count || left.it_value.tv_nsec > 0));
        sigprocmask(SIG_BLOCK, &all, &old);
        while (count == 0)
            sigsuspend(&old);
        sigprocmask(SIG_SETMASK, &old, NULL);
        check("it came, not early", count == 1 && came - start >= wait);
        check("siginfo", code == SI_TIMER && value == &event && number == SIGRTMIN + 3);
        prompt += came - start - wait < 2 * MS;
    }
    timer_gettime(timer, &left);
    check("not set any more", left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0);
    check("timer_delete", timer_delete(timer) == 0 && timer_delete(timer) == -1 && errno == EINVAL);
}

static void overruns(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec setting = spec(MS, MS), old;
    sigset_t set;
    timer_t timer;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    count = 0;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &setting, NULL);
    usleep(50000);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    int first = overrun;
    check("one signal, and the others counted", count >= 1 && first >= 20 && first < 500);
    setting = spec(0, 0);
    timer_settime(timer, 0, &setting, &old);
    check("the old setting", old.it_interval.tv_nsec == MS);
    check("timer_getoverrun", timer_getoverrun(timer) >= 0);
    timer_delete(timer);
}

// An absolute time is the clock's that it was given for, even if that is set.
static void stepped(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    struct itimerspec setting = {0};
    struct timespec time;
    timer_t timer;
    long long start = now();
    clock_gettime(CLOCK_REALTIME, &time);
    timer_create(CLOCK_REALTIME, &event, &timer);
    setting.it_value.tv_sec = time.tv_sec + 100;
    count = 0;
    timer_settime(timer, TIMER_ABSTIME, &setting, NULL);
    time.tv_sec += 200;
    clock_settime(CLOCK_REALTIME, &time);
    spin_until(1, 5LL * S);
    check("at once, as the clock was set", count == 1 && came - start < S);
    time.tv_sec -= 200;
    clock_settime(CLOCK_REALTIME, &time);
    timer_delete(timer);
}

// Processor time of one thread.
static void thread_time(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1};
    struct itimerspec setting = spec(300 * MS, 0);
    timer_t timer;
    event.sigev_notify_thread_id = 1;
    check("of this thread's time", timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer) == 0);
    count = 0;
    timer_settime(timer, 0, &setting, NULL);
    usleep(60000);
    check("it does not pass in sleep", count == 0);
    spin_until(1, 2LL * S);
    check("it comes", count == 1 && number == SIGUSR1);
    timer_delete(timer);
}

// In the middle of a system call: the handler makes the same ones.
static void same_calls(int signal, siginfo_t *info, void *context)
{
    struct timespec time;
    unsigned random;
    (void)signal, (void)info, (void)context;
    clock_gettime(CLOCK_REALTIME, &time);
    isatty(1);
    getentropy(&random, sizeof random);
    count++;
}

static void within_calls(void)
{
    struct itimerval often = {{0, 300}, {0, 300}}, off = {0};
    struct timespec time;
    unsigned random;
    long long end = now() + 300 * MS;
    handle(SIGALRM, same_calls, 0, 0);
    count = 0;
    setitimer(ITIMER_REAL, &often, NULL);
    while (now() < end) {
        for (int i = 0; i < 50; i++) {
            clock_gettime(CLOCK_REALTIME, &time);
            isatty(1);
            getentropy(&random, sizeof random);
        }
    }
    setitimer(ITIMER_REAL, &off, NULL);
    check("system calls within system calls", count > 5);
    handle(SIGALRM, note, 0, 0);
}

static volatile int called;
static pthread_t caller;

static void call(union sigval given)
{
    caller = pthread_self();
    called += given.sival_int;
}

static void threads(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_THREAD};
    struct itimerspec setting = spec(MS, 2 * MS);
    timer_t timer;
    event.sigev_notify_function = call;
    event.sigev_value.sival_int = 10;
    check("a function", timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    timer_settime(timer, 0, &setting, NULL);
    for (int i = 0; i < 500 && called < 30; i++)
        usleep(1000);
    check("it was called, in another thread", called >= 30 && called % 10 == 0 && !pthread_equal(caller, pthread_self()));
    timer_delete(timer);
    event = (struct sigevent){.sigev_notify = SIGEV_NONE};
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    setting = spec(S, 0);
    timer_settime(timer, 0, &setting, NULL);
    timer_gettime(timer, &setting);
    check("only asked", setting.it_value.tv_nsec > S / 2);
    timer_delete(timer);
}

static void errors(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 99};
    struct itimerspec setting = spec(1, 0);
    timer_t timer;
    check("no such signal", timer_create(CLOCK_MONOTONIC, &event, &timer) == -1 && errno == EINVAL);
    check("no such clock", timer_create(77, NULL, &timer) == -1 && errno == EINVAL);
    check("no such timer", timer_settime(99, 0, &setting, NULL) == -1 && errno == EINVAL);
    check("SIGALRM by default", timer_create(CLOCK_REALTIME, NULL, &timer) == 0);
    setting.it_value.tv_nsec = S;
    check("wrong time", timer_settime(timer, 0, &setting, NULL) == -1 && errno == EINVAL);
    setting = spec(1, 0);
    count = 0;
    timer_settime(timer, TIMER_ABSTIME, &setting, NULL);
    spin_until(1, S);
    check("a time that is over", count == 1 && number == SIGALRM);
    timer_delete(timer);
}

int main(void)
{
    int signals[] = {SIGALRM, SIGPROF, SIGVTALRM, SIGUSR1, SIGRTMIN + 3};
    for (unsigned i = 0; i < sizeof signals / sizeof *signals; i++)
        handle(signals[i], note, 0, 0);
    alarms();
    precise(CLOCK_MONOTONIC, 0);
    precise(CLOCK_REALTIME, 0);
    precise(CLOCK_REALTIME, 1);
    check("in time, where a busy host lets it", prompt >= 2);
    overruns();
    stepped();
    thread_time();
    within_calls();
    threads();
    errors();
    return done();
}
