// Ends: pthread_exit of the main thread, exit from another one, the last thread's end, what is flushed and run then.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "threads.h"

static pthread_t main_thread;

static void *join_main(void *argument)
{
    void *result;
    gives("joining main", 0, pthread_join(main_thread, &result));
    check("main's result", result == (void *)11);
    printf("%s outlived main, %d failures\n", (char *)argument, failures);
    return NULL;
}

static void *leave(void *argument)
{
    printf("leaving, unflushed");
    exit((int)(long)argument);
}

static void *sleeper(void *argument)
{
    sleep_ms(100000);
    puts("never printed");
    return argument;
}

static void *hold_stdin(void *argument)
{
    flockfile(stdin);
    sleeper(argument);
    return argument;
}

static void at_exit(void)
{
    printf(" at exit");
}

static void *detached_last(void *argument)
{
    sleep_ms(50);
    printf("last one");
    return argument;
}

static void clean(void *argument)
{
    printf("cleaned %s\n", (char *)argument);
}

int main(int count, char **arguments)
{
    char how = count > 1 ? arguments[1][0] : 'm';
    atexit(at_exit);
    main_thread = pthread_self();
    switch (how) {
    case 'm': // main ends, a joiner goes on; the program ends with 0
        pthread_cleanup_push(clean, "main");
        start(join_main, "joiner");
        pthread_exit((void *)11);
        pthread_cleanup_pop(0);
        break;
    case 'd': // main ends, a detached thread is the last
        pthread_detach(start(detached_last, NULL));
        pthread_exit(NULL);
    case 'a': // alone: nothing is left
        pthread_exit((void *)5);
    case 'e': // exit in a thread ends all
        start(sleeper, NULL);
        start(leave, (void *)9);
        sleeper(NULL);
        return 1;
    default: // return from main ends all, even one that holds a stream
        start(hold_stdin, NULL);
        start(sleeper, NULL);
        start(sleeper, NULL);
        sleep_ms(10);
        printf("main returns");
        return 7;
    }
}
