// What libstdc++ must know of x86_64-hermit.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef _GLIBCXX_OS_DEFINES
#define _GLIBCXX_OS_DEFINES 1

// Every program has threads: none of their functions is optional.
#define _GLIBCXX_GTHREAD_USE_WEAK 0
#define _GLIBCXX_NATIVE_THREAD_ID pthread_self()

#endif
