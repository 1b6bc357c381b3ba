/* Waiting on a futex word: by spinning for a short while, then in the kernel. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

/* After this many failures in a row the time for spinning is not halved further: an object's use may change. */
enum { MAX_FAILURES = 5, NS_PER_US = 1000 };

int __pte_wait(volatile uint32_t *word, uint32_t value, const struct until *until, int point) {
  long result;
  if (until && point)
    result = __pte_point((call)sys_futex_wait_until, (long)word, value, until->clock, (long)until->time, 0);
  else if (until)
    result = sys_futex_wait_until(word, value, until->clock, until->time);
  else if (point)
    result = __pte_point((call)sys_futex_wait, (long)word, value, 0, 0, 0);
  else
    result = sys_futex_wait(word, value, NULL);
  int error = -(int)result;
  return error == ETIMEDOUT || error == EINTR ? error : 0;
}

/* How many ticks of the time-stamp counter the object may be spun for. */
static uint64_t budget(unsigned int failures) {
  static unsigned mhz;
  uint64_t ns = sys_spin_ns();
  if (ns == 0)
    return 0;
  if (mhz == 0)
    mhz = sys_get_processor_frequency();
  return (ns * mhz / NS_PER_US) >> failures;
}

void __pte_learn(unsigned int *history, unsigned int failures, int success) {
  if (success && failures)
    __atomic_store_n(history, failures - 1, __ATOMIC_RELAXED);
  else if (!success && failures < MAX_FAILURES)
    __atomic_store_n(history, failures + 1, __ATOMIC_RELAXED);
}

int __pte_spin(volatile uint32_t *word, uint32_t value, unsigned int *history) {
  unsigned int failures = __atomic_load_n(history, __ATOMIC_RELAXED);
  if (__atomic_load_n(word, __ATOMIC_ACQUIRE) != value)
    return 1;
  uint64_t ticks = budget(failures), start = __builtin_ia32_rdtsc();
  while (ticks && __builtin_ia32_rdtsc() - start < ticks) {
    __builtin_ia32_pause();
    if (__atomic_load_n(word, __ATOMIC_ACQUIRE) != value) {
      __pte_learn(history, failures, 1);
      return 1;
    }
  }
  if (ticks)
    __pte_learn(history, failures, 0);
  return 0;
}

int __pte_spin_lock(volatile uint32_t *word, unsigned int *history) {
  unsigned int failures = __atomic_load_n(history, __ATOMIC_RELAXED);
  uint64_t ticks = budget(failures), start = __builtin_ia32_rdtsc();
  while (ticks && __builtin_ia32_rdtsc() - start < ticks) {
    __builtin_ia32_pause();
    if (__atomic_load_n(word, __ATOMIC_RELAXED) == 0 && lock_try(word)) {
      __pte_learn(history, failures, 1);
      return 1;
    }
  }
  if (ticks)
    __pte_learn(history, failures, 0);
  return 0;
}
