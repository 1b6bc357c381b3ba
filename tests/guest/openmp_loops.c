// OpenMP's worksharing: loops with every schedule, sections, single, ordered, doacross, reductions, data clauses, simd.
// SPDX-License-Identifier: BSD-3-Clause
#include <omp.h>
#include <string.h>

#include "openmp.h"

enum { N = 1000 };

static int done[N]; // how often each iteration ran

static int once_each(void)
{
    int right = 1;
    for (int i = 0; i < N; i++) {
        right &= done[i] == 1;
        done[i] = 0;
    }
    return right;
}

static void regions(void)
{
    int threads = omp_get_max_threads(), seen = 0, ids = 0;
#pragma omp parallel reduction(+ : seen, ids)
    {
        seen = omp_get_num_threads() == threads && omp_in_parallel() == (threads > 1);
        ids = omp_get_thread_num();
    }
    check("every thread of a region runs, and knows how many there are", seen == threads);
    check("threads have the numbers from 0 on", ids == threads * (threads - 1) / 2);
    check("not in a region any more", !omp_in_parallel() && omp_get_num_threads() == 1);
    if (threads > 1) {
#pragma omp parallel num_threads(2)
        check("num_threads", omp_get_num_threads() == 2);
    }
#pragma omp parallel if (threads < 0)
    check("if without truth is one thread", omp_get_num_threads() == 1);
}

static void schedules(void)
{
#pragma omp parallel for
    for (int i = 0; i < N; i++)
        done[i]++;
    check("for", once_each());
#pragma omp parallel for schedule(static, 7)
    for (int i = 0; i < N; i++)
        done[i]++;
    check("for, static in chunks", once_each());
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < N; i++)
        done[i]++;
    check("for, dynamic", once_each());
#pragma omp parallel for schedule(monotonic : dynamic, 13)
    for (int i = N - 1; i >= 0; i--)
        done[i]++;
    check("for downwards, dynamic in chunks", once_each());
#pragma omp parallel for schedule(guided, 3)
    for (unsigned long long i = 0; i < N; i++)
        done[i]++;
    check("for over unsigned long long, guided", once_each());
#pragma omp parallel for schedule(auto)
    for (int i = 0; i < N; i += 1)
        done[i]++;
    check("for, auto", once_each());
    static const omp_sched_t kinds[] = {omp_sched_static, omp_sched_dynamic, omp_sched_guided};
    for (int kind = 0; kind < 3; kind++) {
        omp_set_schedule(kinds[kind], 5);
#pragma omp parallel for schedule(runtime)
        for (int i = 0; i < N; i++)
            done[i]++;
        check("for, at run time", once_each());
    }
#pragma omp parallel for collapse(3)
    for (int i = 0; i < 10; i++)
        for (int j = 0; j < 10; j++)
            for (int k = 0; k < 10; k++)
                done[100 * i + 10 * j + k]++;
    check("collapse", once_each());
#pragma omp parallel for
    for (int i = 5; i < 5; i++)
        check("a loop without iterations", 0);
}

static void shares(void)
{
    int singles = 0, masters = 0, parts[4] = {0};
#pragma omp parallel
    {
#pragma omp single
        singles++;
#pragma omp master
        masters += omp_get_thread_num() == 0;
#pragma omp sections
        {
#pragma omp section
            parts[0]++;
#pragma omp section
            parts[1]++;
#pragma omp section
            parts[2]++;
        }
#pragma omp for nowait
        for (int i = 0; i < N; i++)
            done[i]++;
    }
    check("single", singles == 1);
    check("master", masters == 1);
    check("sections", parts[0] == 1 && parts[1] == 1 && parts[2] == 1);
    check("for without a barrier", once_each());
    int told = 0;
#pragma omp parallel reduction(+ : told)
    {
        int value;
#pragma omp single copyprivate(value)
        value = 42;
        told += value;
    }
    check("copyprivate", told == 42 * omp_get_max_threads());
}

static void in_order(void)
{
    int last = -1, right = 1;
#pragma omp parallel for ordered schedule(dynamic, 2)
    for (int i = 0; i < N; i++) {
#pragma omp ordered
        {
            right &= last == i - 1;
            last = i;
        }
    }
    check("ordered", right && last == N - 1);
    // Each point needs its upper and left neighbours.
    static long table[41][41];
    for (int i = 0; i <= 40; i++)
        table[i][0] = table[0][i] = 1;
#pragma omp parallel for ordered(2) schedule(dynamic, 1)
    for (int i = 1; i <= 40; i++)
        for (int j = 1; j <= 20; j++) {
#pragma omp ordered depend(sink : i - 1, j) depend(sink : i, j - 1)
            table[i][j] = table[i - 1][j] + table[i][j - 1];
#pragma omp ordered depend(source)
        }
    check("doacross: Pascal's triangle", table[20][20] == 137846528820L);
}

struct range {
    int least, most;
};

static void widen(struct range *into, struct range by)
{
    into->least = by.least < into->least ? by.least : into->least;
    into->most = by.most > into->most ? by.most : into->most;
}
#pragma omp declare reduction(widen : struct range : widen(&omp_out, omp_in)) initializer(omp_priv = {1 << 30, -1})

static void reductions(void)
{
    long sum = 1, product = 1, bits = 0, all = -1, odd = 0;
    int truth = 1, any = 0, counts[3] = {0};
    double least = 1e9, most = -1e9;
    struct range range = {1 << 30, -1};
#pragma omp parallel for reduction(+ : sum, counts[:3]) reduction(| : bits) reduction(& : all) reduction(^ : odd) \
    reduction(&& : truth) reduction(|| : any) reduction(min : least) reduction(max : most) reduction(widen : range)
    for (int i = 1; i <= N; i++) {
        sum += i;
        counts[i % 3]++;
        bits |= 1L << (i % 63);
        all &= ~1L;
        odd ^= i;
        truth = truth && i > 0;
        any = any || i == N;
        least = i < least ? i : least;
        most = i > most ? i : most;
        widen(&range, (struct range){i, i});
    }
#pragma omp parallel for reduction(* : product)
    for (int i = 1; i <= 20; i++)
        product *= i;
    check("reduction +", sum == 1 + N * (N + 1L) / 2 && counts[0] == 333 && counts[1] == 334 && counts[2] == 333);
    check("reductions of bits", bits == 0x7fffffffffffffff && all == -2 && odd == 1000);
    check("reductions of truth", truth && any);
    check("reductions min and max", least == 1 && most == N);
    check("reduction *", product == 2432902008176640000L);
    check("a reduction of one's own", range.least == 1 && range.most == N);
}

static int kept;
#pragma omp threadprivate(kept)

static void data(void)
{
    int first = 7, last = 0, private = 3, right = 0, threads = omp_get_max_threads();
#pragma omp parallel for firstprivate(first) lastprivate(last) private(private) reduction(+ : right)
    for (int i = 0; i < N; i++) {
        private = i;
        right += first == 7 && private == i;
        last = i;
    }
    check("firstprivate, private, lastprivate", right == N && last == N - 1 && private == 3);
    kept = 5;
    right = 0;
#pragma omp parallel copyin(kept) reduction(+ : right)
    {
        right += kept == 5;
        kept = 100 + omp_get_thread_num();
    }
    check("copyin", right == threads);
    right = 0;
#pragma omp parallel reduction(+ : right)
    right += kept == 100 + omp_get_thread_num();
    check("threadprivate keeps its value from region to region", right == threads);
}

#pragma omp declare simd
static double twice(double x) { return 2 * x; }

static void vectors(void)
{
    static double a[N], b[N] __attribute__((aligned(64)));
    double sum = 0;
    for (int i = 0; i < N; i++)
        b[i] = i;
#pragma omp simd aligned(b : 64) reduction(+ : sum)
    for (int i = 0; i < N; i++) {
        a[i] = twice(b[i]);
        sum += a[i];
    }
    check("simd", sum == 999000);
    sum = 0;
#pragma omp parallel for simd reduction(+ : sum) simdlen(8)
    for (int i = 0; i < N; i++)
        sum += a[i] + b[i];
    check("parallel for simd", sum == 1498500);
}

int main(void)
{
    regions();
    // Cores that the host cannot run at once cost a wake at each barrier.
    for (int round = 0; round < (omp_get_num_procs() > 2 ? 4 : 20); round++) {
        schedules();
        shares();
        in_order();
        reductions();
        data();
        vectors();
    }
    return verdict();
}
