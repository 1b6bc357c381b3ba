// OpenMP's rest: nested regions, teams and targets on the host, locks, atomics, critical, memory, times, and queries.
// SPDX-License-Identifier: BSD-3-Clause
#include <omp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "openmp.h"

enum { ROUNDS = 200 };

static void nested(void)
{
    int inner = 0, deepest = 0;
    omp_set_max_active_levels(3);
#pragma omp parallel num_threads(3) reduction(+ : inner) reduction(max : deepest)
    {
        int outer = omp_get_thread_num(), threads = omp_get_num_threads();
#pragma omp parallel num_threads(2) reduction(+ : inner)
        {
            check("the ancestor's number", omp_get_ancestor_thread_num(1) == outer);
            check("the ancestor's team", omp_get_team_size(1) == threads && omp_get_team_size(2) == 2);
            inner++;
        }
#pragma omp parallel num_threads(2) reduction(max : deepest)
#pragma omp parallel num_threads(2) reduction(max : deepest)
#pragma omp parallel num_threads(2) reduction(max : deepest)
        deepest = omp_get_active_level() * 10 + omp_get_level();
    }
    check("nested regions", inner == 6);
    check("levels beyond the active ones have one thread", deepest == 34);
    omp_set_max_active_levels(1);
}

static void exclusion(void)
{
    int critical = 0, named = 0, locked = 0, twice = 0, added = 0, least = 1 << 30, seen = 0, threads = omp_get_max_threads();
    omp_lock_t lock;
    omp_nest_lock_t nest;
    omp_init_lock(&lock);
    omp_init_nest_lock_with_hint(&nest, omp_sync_hint_contended);
#pragma omp parallel
    for (int i = 0; i < ROUNDS; i++) {
#pragma omp critical
        critical++;
#pragma omp critical(other)
        named++;
        omp_set_lock(&lock);
        locked++;
        omp_unset_lock(&lock);
        omp_set_nest_lock(&nest);
        check("a nested lock counts", omp_test_nest_lock(&nest) == 2);
        twice++;
        omp_unset_nest_lock(&nest);
        omp_unset_nest_lock(&nest);
        int before;
#pragma omp atomic capture
        before = added++;
#pragma omp atomic compare
        least = before < least ? before : least;
#pragma omp atomic update seq_cst
        seen += before >= 0;
    }
    check("critical", critical == threads * ROUNDS && named == threads * ROUNDS);
    check("locks", locked == threads * ROUNDS && twice == threads * ROUNDS);
    check("atomics", added == threads * ROUNDS && least == 0 && seen == threads * ROUNDS);
    check("a free lock can be had, a held one cannot", omp_test_lock(&lock) && !omp_test_lock(&lock));
    omp_unset_lock(&lock);
    omp_destroy_lock(&lock);
    omp_destroy_nest_lock(&nest);
}

static void barriers(void)
{
    int threads = omp_get_max_threads(), arrived = 0, right = 1;
#pragma omp parallel reduction(&& : right)
    for (int i = 1; i <= ROUNDS; i++) {
#pragma omp atomic
        arrived++;
#pragma omp barrier
        int now;
#pragma omp atomic read
        now = arrived;
        right = right && now == i * threads;
#pragma omp barrier
    }
    check("barriers", right);
}

static void teams(void)
{
    int count = 0, size = 0, done[100] = {0}, right = 1;
#pragma omp teams num_teams(3) thread_limit(2) reduction(+ : count) reduction(max : size)
    {
        count = omp_get_num_teams() == 3 && omp_get_team_num() < 3;
#pragma omp parallel num_threads(1) reduction(max : size)
        size = omp_get_thread_limit();
    }
    check("teams", count == 3 && size == 2);
    omp_set_num_teams(2);
    check("omp_set_num_teams", omp_get_max_teams() == 2);
    count = 0;
#pragma omp teams reduction(+ : count)
    count += omp_get_num_teams();
    check("as many teams as were set", count == 4);
    omp_set_num_teams(0);
#pragma omp target teams distribute parallel for map(tofrom : done) num_teams(2)
    for (int i = 0; i < 100; i++)
        done[i]++;
    for (int i = 0; i < 100; i++)
        right &= done[i] == 1;
    check("distribute", right);
}

static void targets(void)
{
    int value = 1, host = 0;
    check("no devices", omp_get_num_devices() == 0 && omp_get_initial_device() == 0 && omp_is_initial_device());
#pragma omp target map(tofrom : value, host)
    {
        value += 41;
        host = omp_is_initial_device();
    }
    check("a target region runs on the host", value == 42 && host);
    int *memory = omp_target_alloc(sizeof *memory, omp_get_initial_device());
    check("memory of the host as a device", memory != NULL);
    check("copies", omp_target_memcpy(memory, &value, sizeof value, 0, 0, 0, 0) == 0 && *memory == 42);
    omp_target_free(memory, omp_get_initial_device());
}

static void memory(void)
{
    static const omp_allocator_handle_t known[] = {
        omp_default_mem_alloc, omp_large_cap_mem_alloc, omp_high_bw_mem_alloc, omp_low_lat_mem_alloc, omp_thread_mem_alloc,
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char *place = omp_alloc(1000, known[i]);
        check("omp_alloc", place != NULL);
        memset(place, 1, 1000);
        omp_free(place, known[i]);
    }
    omp_alloctrait_t traits[] = {{omp_atk_alignment, 4096}, {omp_atk_pool_size, 65536}, {omp_atk_fallback, omp_atv_null_fb}};
    omp_allocator_handle_t own = omp_init_allocator(omp_default_mem_space, 3, traits);
    char *place = omp_alloc(20000, own);
    check("an allocator's alignment", place && (uintptr_t)place % 4096 == 0);
    check("an allocator's pool ends", omp_alloc(60000, own) == NULL);
    omp_free(place, own);
    omp_destroy_allocator(own);
    place = omp_aligned_alloc(256, 512, omp_default_mem_alloc);
    check("omp_aligned_alloc", place && (uintptr_t)place % 256 == 0);
    omp_free(place, omp_null_allocator);
}

static void queries(void)
{
    double start = omp_get_wtime(), tick = omp_get_wtick();
    check("ticks of the clock", tick > 0 && tick < 1e-3);
    while (omp_get_wtime() - start < 2 * tick)
        ;
    check("as many processors as threads by default", omp_get_num_procs() == omp_get_max_threads());
    omp_set_num_threads(5);
    int seen = 0;
#pragma omp parallel reduction(+ : seen)
    seen++;
    check("omp_set_num_threads", seen == 5);
    omp_set_num_threads(omp_get_num_procs());
    omp_set_dynamic(1);
    check("omp_set_dynamic", omp_get_dynamic());
    seen = 0;
#pragma omp parallel num_threads(100) reduction(+ : seen)
    seen++;
    check("as many threads as cores where they are dynamic", seen == omp_get_num_procs());
    omp_set_dynamic(0);
}

int main(void)
{
    nested();
    exclusion();
    barriers();
    teams();
    targets();
    memory();
    queries();
    return verdict();
}
