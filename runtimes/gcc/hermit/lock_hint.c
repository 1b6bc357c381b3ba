/* Locks with a hint, which libgomp 12 declares and lacks. One kind of lock serves all, so the hint is of no use. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "libgomp.h"

void omp_init_lock_with_hint(omp_lock_t *lock, omp_sync_hint_t hint __attribute__((unused))) { omp_init_lock(lock); }

void omp_init_nest_lock_with_hint(omp_nest_lock_t *lock, omp_sync_hint_t hint __attribute__((unused))) {
  omp_init_nest_lock(lock);
}
