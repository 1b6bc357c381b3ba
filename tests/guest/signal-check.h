// What the signal tests share: counting failures.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef SIGNAL_CHECK_H
#define SIGNAL_CHECK_H
#include <signal.h>
#include <stdio.h>
#include <string.h>

static int failures;

static inline void check(const char *what, int holds)
{
    if (!holds) {
        printf("FAILED: %s\n", what);
        failures++;
    }
}

static inline int done(void)
{
    printf("%d failures\n", failures);
    return failures != 0;
}

typedef void (*information)(int, siginfo_t *, void *);

static inline void handle(int number, information handler, int flags, sigset_t mask)
{
    struct sigaction action = {.sa_flags = flags | SA_SIGINFO, .sa_mask = mask};
    action.sa_sigaction = handler;
    check("sigaction", sigaction(number, &action, NULL) == 0);
}
#endif
