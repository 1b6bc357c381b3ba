// OpenMP's tasks: recursion, dependences, groups, loops, reductions, priorities, and the cancellation of groups and regions.
// SPDX-License-Identifier: BSD-3-Clause
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "openmp.h"

static long fibonacci(int n)
{
    long a, b;
    if (n < 2)
        return n;
#pragma omp task shared(a) if (n > 10)
    a = fibonacci(n - 1);
#pragma omp task shared(b) if (n > 10)
    b = fibonacci(n - 2);
#pragma omp taskwait
    return a + b;
}

static void recursion(void)
{
    long result = 0;
#pragma omp parallel
#pragma omp single
    result = fibonacci(20);
    check("recursive tasks", result == 6765);
}

static void dependences(void)
{
    int a = 0, b = 0, c = 0, chain[100];
#pragma omp parallel
#pragma omp single
    {
#pragma omp task depend(out : a)
        a = 2;
#pragma omp task depend(out : b)
        b = 3;
#pragma omp task depend(in : a, b) depend(out : c)
        c = a * b;
#pragma omp taskwait depend(in : c)
        check("taskwait with a dependence", c == 6);
        chain[0] = 1;
        for (int i = 1; i < 100; i++) {
#pragma omp task depend(in : chain[i - 1]) depend(out : chain[i]) firstprivate(i)
            chain[i] = chain[i - 1] + 1;
        }
    }
    check("a chain of dependences", chain[99] == 100);
}

static void groups(void)
{
    int deep = 0, count = 0, loop = 0;
    long sum = 0;
#pragma omp parallel
#pragma omp single
    {
#pragma omp taskgroup
        for (int i = 0; i < 10; i++) {
#pragma omp task shared(deep)
            {
#pragma omp task shared(deep)
#pragma omp atomic
                deep++;
            }
        }
        check("a group waits for its tasks' tasks", deep == 10);
#pragma omp taskgroup task_reduction(+ : sum)
        for (int i = 1; i <= 100; i++) {
#pragma omp task in_reduction(+ : sum) firstprivate(i)
            sum += i;
        }
        check("reduction over a group", sum == 5050);
#pragma omp taskloop grainsize(7) shared(loop)
        for (int i = 0; i < 1000; i++) {
#pragma omp atomic
            loop++;
        }
        check("taskloop", loop == 1000);
        for (int i = 0; i < 200; i++) {
#pragma omp task priority(i % 4) untied shared(count)
            {
#pragma omp taskyield
#pragma omp atomic
                count++;
            }
        }
#pragma omp taskwait
        check("priorities and yields", count == 200);
#pragma omp task final(1)
        {
            int inside = 0;
#pragma omp task shared(inside)
            inside = omp_in_final();
            check("final", omp_in_final() && inside);
        }
    }
}

// Every thread makes tasks at once, more than threads can run.
static void storm(void)
{
    long count = 0;
#pragma omp parallel
    for (int i = 0; i < 2000; i++) {
#pragma omp task shared(count)
#pragma omp atomic
        count++;
    }
    check("tasks of all threads end with the region", count == 2000L * omp_get_max_threads());
}

// OMP_CANCELLATION=true in the environment.
static void cancellation(void)
{
    int found = -1, after = 0, ran = 0;
    check("cancellation is on", omp_get_cancellation());
#pragma omp parallel shared(found, after)
    {
#pragma omp for schedule(dynamic, 1)
        for (int i = 0; i < 100000; i++) {
            if (i == 50) {
#pragma omp atomic write
                found = i;
#pragma omp cancel for
            }
#pragma omp cancellation point for
#pragma omp atomic
            ran++;
        }
#pragma omp cancel parallel
#pragma omp atomic
        after++;
    }
    check("a loop is cancelled", found == 50 && ran < 100000);
    check("a region is cancelled", after == 0);
    int tasks = 0;
#pragma omp parallel
#pragma omp single
#pragma omp taskgroup
    for (int i = 0; i < 1000; i++) {
#pragma omp task shared(tasks) firstprivate(i)
        {
            if (i == 0) {
#pragma omp cancel taskgroup
            }
#pragma omp atomic
            tasks++;
        }
    }
    check("a group of tasks is cancelled", tasks < 1000);
}

int main(void)
{
    for (int round = 0; round < 10; round++) {
        recursion();
        dependences();
        groups();
        storm();
        cancellation();
    }
    return verdict();
}
