// Waiting for a word to change: what libstdc++ knows as Linux's futex call.
// SPDX-License-Identifier: BSD-3-Clause
#include <bits/c++config.h>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <bits/hermit_futex.h>

// As <hermit/syscalls.h> has them; that header changes with any other call, this file is part of libstdc++'s key.
extern "C" {
int sys_futex_wait(volatile uint32_t *word, uint32_t expected, const struct timespec *timeout);
int sys_futex_wait_until(volatile uint32_t *word, uint32_t expected, int clock, const struct timespec *deadline);
int sys_futex_wake(volatile uint32_t *word, int count);
}

namespace std _GLIBCXX_VISIBILITY(default)
{
  namespace __detail
  {
    long
    syscall(int, const volatile void* word, int operation, int value, const void* time, const void*, int)
    {
      enum { wait = 0, wake = 1, wait_bitset = 9, privately = 128, realtime = 256 };
      const auto address = static_cast<volatile uint32_t*>(const_cast<volatile void*>(word));
      const auto when = static_cast<const timespec*>(time);
      int result = -ENOSYS;
      switch (operation & ~(privately | realtime))
        {
        case wait:
          result = sys_futex_wait(address, value, when);
          break;
        case wait_bitset:
          result = when ? sys_futex_wait_until(address, value, operation & realtime ? CLOCK_REALTIME : CLOCK_MONOTONIC,
                                               when)
                        : sys_futex_wait(address, value, nullptr);
          break;
        case wake:
          result = sys_futex_wake(address, value);
          break;
        }
      if (result >= 0)
        return result;
      errno = -result;
      return -1;
    }
  }
}
