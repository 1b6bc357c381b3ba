// Every core of the guest works: it is the one that its APIC id says, they run side by side, and a halted one wakes for work.
// SPDX-License-Identifier: BSD-3-Clause
#include <cpuid.h>
#include <hermit/syscalls.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST = 252, ROUNDS = 20 };

struct place {
    int core;
    unsigned apic, level, count, shared;
};

static struct place places[MOST];
static atomic_int here, failures;

static void expect(int good, const char *what, int core)
{
    if (good)
        return;
    printf("FAILED: %s on core %d\n", what, core);
    failures++;
}

// What this core's CPUID says of it: initial APIC id, x2APIC id, cores of the package.
static void look(struct place *place)
{
    unsigned a, b, c, d;

    place->core = sys_getcpu();
    __cpuid(1, a, b, c, d);
    place->apic = b >> 24;
    place->level = place->apic;
    place->count = b >> 16 & 0xff;
    place->shared = d >> 28 & 1;
    if (__get_cpuid_max(0, NULL) < 0xb)
        return;
    __cpuid_count(0xb, 1, a, b, c, d);
    if ((c >> 8 & 0xff) == 2)
        place->level = d;
}

// All cores must be here at once: who waits keeps its own core busy.
static void meet(int cores)
{
    here++;
    while (here < cores)
        __builtin_ia32_pause();
}

static void on_core(void *place)
{
    look(place);
    meet(sys_get_processor_count());
}

static void short_work(void *count)
{
    ++*(atomic_int *)count;
}

// Under a software KVM ring 3 sees the host's CPUID, so that its topology is checked only where somebody asks for it.
static void check(int cores, int topology)
{
    for (int n = 0; n < cores; n++) {
        expect(places[n].core == n, "the wrong core", n);
        if (!topology)
            continue;
        expect(places[n].apic == (unsigned)n && places[n].level == (unsigned)n, "another APIC id", n);
        expect(places[n].shared == (cores > 1) && places[n].count == (unsigned)cores, "a wrong number of cores", n);
    }
}

// A thread for a core that has nothing to do and sleeps: it must be woken each time.
static void wake_again(int cores)
{
    atomic_int count = 0;

    for (int round = 0; round < ROUNDS; round++) {
        int core = cores - 1 - round % cores, tid;

        usleep(2000);
        if (sys_spawn(&tid, short_work, &count, 8, core))
            expect(0, "no thread", core);
        sys_join(tid); // it may be gone already
    }
    expect(count == ROUNDS, "work was lost", 0);
}

int main(int argc, char **argv)
{
    // Arguments: how many cores there must be, and "topology".
    int cores = sys_get_processor_count(), tids[MOST];

    if (argc > 1 && cores != atoi(argv[1])) {
        printf("FAILED: %d cores\n", cores);
        return 1;
    }
    for (int n = 1; n < cores; n++)
        if (sys_spawn(&tids[n], on_core, &places[n], 8, n))
            expect(0, "no thread", n);
    on_core(&places[0]);
    for (int n = 1; n < cores; n++)
        sys_join(tids[n]);
    check(cores, argc > 2);
    wake_again(cores);
    printf("%d cores, %d failures\n", cores, (int)failures);
    return failures != 0;
}
