// libstdc++'s futex calls, as function calls into the kernel.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef _GLIBCXX_HERMIT_FUTEX_H
#define _GLIBCXX_HERMIT_FUTEX_H 1

#pragma GCC system_header

namespace std _GLIBCXX_VISIBILITY(default)
{
  namespace __detail
  {
    enum { SYS_futex = 202 };

    // By the name and with the arguments that the headers give it, but in here: programs may have a `syscall`.
    long syscall(int __number, const volatile void* __word, int __operation, int __value,
                 const void* __time = nullptr, const void* = nullptr, int = 0);
  }
}

#endif
