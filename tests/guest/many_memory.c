// Mappings made, changed and removed by many threads at once: a change counts on all cores as soon as its call returns.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include "manycore.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096, PAGES = 16 };

static volatile char *shared;
static atomic_int ready, rights_gone, faults, laps;
static __thread sigjmp_buf place;

static void *map(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        printf("FAILED: mmap\n");
        exit(3);
    }
    return memory;
}

static void *map_often(void *number)
{
    static atomic_long made;
    long long until = now_ns() + budget * 1000000LL;
    unsigned random = (unsigned)(long)number * 7919 + 1;
    do {
        random = random * 1103515245 + 12345;
        size_t size = (random >> 16) % PAGES * PAGE + PAGE;
        char *memory = map(size);
        for (size_t at = 0; at < size; at += PAGE) {
            if (memory[at])
                check("fresh memory is zero", 0);
            memory[at] = (char)((long)number + 1);
        }
        sched_yield();
        for (size_t at = 0; at < size; at += PAGE)
            if (memory[at] != (char)((long)number + 1))
                check("nobody else has this memory", 0);
        check_is("mprotect", mprotect(memory, size, PROT_READ), 0);
        if (memory[size - PAGE] != (char)((long)number + 1))
            check("it still reads", 0);
        check_is("munmap", munmap(memory, size), 0);
        made++;
    } while (now_ns() < until);
    return NULL;
}

static void on_fault(int number)
{
    (void)number;
    siglongjmp(place, 1);
}

// Writes to the page all the time, on a core of its own. A store after the rights are gone must fault.
static void *write_on(void *unused)
{
    if (sigsetjmp(place, 1)) {
        faults++;
        return unused;
    }
    ready++;
    for (;;) {
        int gone = rights_gone; // read before the store: what mprotect took before this is gone
        *shared = 1;
        laps++;
        if (gone)
            break; // it went through, though it may not
    }
    check("a store on another core after mprotect or munmap", 0);
    return unused;
}

static void shoot_down(int unmap)
{
    shared = map(PAGE);
    rights_gone = ready = 0;
    int before = faults;
    pthread_t writers[3];
    for (int i = 0; i < 3; i++)
        writers[i] = start(write_on, NULL);
    while (ready < 3)
        sched_yield();
    for (int seen = laps; laps < seen + 10;)
        ;
    check_is("rights", unmap ? munmap((void *)shared, PAGE) : mprotect((void *)shared, PAGE, PROT_READ), 0);
    rights_gone = 1;
    for (int i = 0; i < 3; i++)
        end(writers[i]);
    check_is("faults of the writers", faults - before, 3);
    if (!unmap)
        munmap((void *)shared, PAGE);
}

static void *read_on(void *unused)
{
    for (;;) {
        ready = 1;
        (void)*shared;
    }
    return unused;
}

// Without a handler: the whole program ends with that thread's fault.
static void unmap_under_reader(void)
{
    shared = map(PAGE);
    pthread_t reader = start(read_on, NULL);
    while (!ready)
        sched_yield();
    printf("taking it away\n");
    fflush(stdout);
    munmap((void *)shared, PAGE);
    end(reader);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--unmapped") == 0) {
        unmap_under_reader();
        return 1;
    }
    if (argc > 1)
        budget *= atoi(argv[1]);
    in_threads(8, map_often);
    struct sigaction action = {.sa_handler = on_fault};
    sigaction(SIGSEGV, &action, NULL);
    long long until = now_ns() + budget * 1000000LL;
    int rounds = 0;
    do
        shoot_down(rounds++ & 1);
    while (now_ns() < until || rounds < 4);
    printf("%d rounds of shoot-down\n", rounds);
    return conclude();
}
