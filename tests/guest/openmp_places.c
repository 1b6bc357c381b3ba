// What OpenMP takes from the environment: the arguments say what the program should find; without any it prints it.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // CPU_COUNT
#include <omp.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "openmp.h"

// Cores that the calling thread may run on, and the only one if it is one.
static int own_cores(int *only)
{
    cpu_set_t set;
    int count;
    if (pthread_getaffinity_np(pthread_self(), sizeof set, &set) != 0)
        return 0;
    count = CPU_COUNT(&set);
    for (int core = 0; core < CPU_SETSIZE; core++)
        if (CPU_ISSET(core, &set) && count == 1)
            *only = core;
    return count;
}

static void show(void)
{
    omp_sched_t kind;
    int chunk;
    omp_get_schedule(&kind, &chunk);
    printf("max threads %d, limit %d, dynamic %d, levels %d\n", omp_get_max_threads(), omp_get_thread_limit(),
           omp_get_dynamic(), omp_get_max_active_levels());
    printf("schedule %d by %d, cancellation %d, bind %d\n", (int)kind & 0xff, chunk, omp_get_cancellation(),
           (int)omp_get_proc_bind());
    printf("places %d:", omp_get_num_places());
    for (int place = 0; place < omp_get_num_places(); place++) {
        int ids[1024];
        omp_get_place_proc_ids(place, ids);
        printf(" {");
        for (int i = 0; i < omp_get_place_num_procs(place); i++)
            printf("%s%d", i ? "," : "", ids[i]);
        printf("}");
    }
    printf("\n");
}

// Each thread says which place it has and where it is, in the order of their numbers.
static void where(void)
{
#pragma omp parallel for ordered schedule(static, 1)
    for (int i = 0; i < omp_get_num_threads(); i++) {
        int only = -1, count = own_cores(&only);
#pragma omp ordered
        printf("thread %d: place %d, cores %d, core %d, there %d\n", omp_get_thread_num(), omp_get_place_num(), count, only,
               only < 0 || sched_getcpu() == only);
    }
}

// Needs a stack of more than `mebibytes`.
static int deep(int mebibytes)
{
    volatile char space[1 << 20];
    space[0] = space[sizeof space - 1] = (char)mebibytes;
    return mebibytes == 0 ? space[0] : deep(mebibytes - 1) + space[0] - (char)mebibytes;
}

static void stack(int mebibytes)
{
    int sum = 0;
#pragma omp parallel num_threads(3) reduction(+ : sum)
    if (omp_get_thread_num() > 0) // the main thread's stack is none of OMP_STACKSIZE's business
        sum += deep(mebibytes) + 1;
    printf("deep stacks: %d\n", sum);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        show();
    else if (!strcmp(argv[1], "where"))
        where();
    else if (!strcmp(argv[1], "stack"))
        stack(atoi(argv[2]));
    return 0;
}
