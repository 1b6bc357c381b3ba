// What signals do without a handler: each given number ends the program as its argument's way says. And names of signals.
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "signal-check.h"

static void *sleeper(void *argument)
{
    for (;;)
        pause();
    return argument;
}

static void *spinner(void *argument)
{
    for (;;)
        __asm__ volatile("" ::: "memory");
    return argument;
}

static void returning(int number) { (void)number; }

static void *aborter(void *argument)
{
    signal(SIGABRT, returning);
    abort();
    return argument;
}

static void names(void)
{
    check("strsignal", strcmp(strsignal(SIGSEGV), "Segmentation fault") == 0 && strstr(strsignal(SIGRTMIN + 1), "1") != NULL);
    check("unknown", strstr(strsignal(1000), "nknown") != NULL);
    psignal(SIGTERM, "psignal");
    siginfo_t info = {.si_signo = SIGSEGV, .si_code = SEGV_MAPERR};
    info.si_addr = (void *)0x1234;
    psiginfo(&info, "psiginfo");
}

int main(int argc, char **argv)
{
    const char *way = argc > 2 ? argv[2] : "";
    int number = argc > 1 ? atoi(argv[1]) : 0;
    struct timespec little = {0, 10000000};
    pthread_t thread = pthread_self();
    printf("before\n");
    fflush(stdout);
    if (number == 0) {
        names();
        return done();
    }
    if (strcmp(way, "abort") == 0)
        pthread_create(&thread, NULL, aborter, NULL);
    if (strcmp(way, "sleeping") == 0)
        pthread_create(&thread, NULL, sleeper, NULL);
    if (strcmp(way, "spinning") == 0)
        pthread_create(&thread, NULL, spinner, NULL);
    if (strcmp(way, "alarm") == 0)
        ualarm(1000, 0);
    else if (strcmp(way, "locked") == 0) {
        // no deadlock: the timer is to come
        pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
        ualarm(300000, 0);
        pthread_mutex_lock(&mutex);
        pthread_mutex_lock(&mutex);
    } else if (strcmp(way, "alone") == 0)
        pause(); // nor here: whoever sends a signal may be anyone
    else if (strcmp(way, "abort") != 0) {
        nanosleep(&little, NULL);
        pthread_kill(thread, number);
    }
    pause();
    return 0;
}
