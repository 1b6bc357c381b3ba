// For libstdc++'s own sources, which include <syscall.h> where they wait.
// SPDX-License-Identifier: BSD-3-Clause
#include <bits/hermit_futex.h>
using std::__detail::SYS_futex;
using std::__detail::syscall;
