/* libgomp's futex calls, as function calls into the kernel: for config/linux's mutexes, semaphores and barriers. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* An early return (a signal came, the value differed) is as good as a wake: every caller looks again. */
#pragma GCC visibility push(default)
#include <hermit/syscalls.h>
#pragma GCC visibility pop

static inline void futex_wait(int *addr, int val) { sys_futex_wait((volatile uint32_t *)addr, (uint32_t)val, NULL); }

static inline void futex_wake(int *addr, int count) { sys_futex_wake((volatile uint32_t *)addr, count); }

static inline void cpu_relax(void) { __builtin_ia32_pause(); }
