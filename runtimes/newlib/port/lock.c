/* newlib's locks: the thread library's short locks, taken without any call where they are free, before the first thread
   even without an atomic operation. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <sys/lock.h>
#include <sys/single_threaded.h>

#include "lock.h"
#include "port.h"

struct __lock __lock___sinit_recursive_mutex;
struct __lock __lock___sfp_recursive_mutex;
struct __lock __lock___atexit_recursive_mutex;
struct __lock __lock___at_quick_exit_mutex;
struct __lock __lock___malloc_recursive_mutex;
struct __lock __lock___env_recursive_mutex;
struct __lock __lock___tz_mutex;
struct __lock __lock___dd_hash_mutex;
struct __lock __lock___arc4random_mutex;

/* For streams opened when memory is exhausted: newlib cannot be told that a lock could not be made. */
static struct __lock shared;

/* Whoever starts a thread clears this first (also in glibc's interface). A lock that is held at that moment stays
   so: both ways to take one leave the same word. */
char __libc_single_threaded = 1;

void __retarget_lock_init(_LOCK_T *mutex) {
  struct __lock *made = calloc(1, sizeof *made);
  *mutex = made ? made : &shared;
}

void __retarget_lock_close(_LOCK_T mutex) {
  if (mutex != &shared)
    free(mutex);
}

/* The shared mutex may be held already, by a stream around this one: it is always taken as recursive. */
void __retarget_lock_acquire(_LOCK_T mutex) {
  if (mutex == &shared)
    __retarget_lock_acquire_recursive(mutex);
  else
    lock(&mutex->word);
}

int __retarget_lock_try_acquire(_LOCK_T mutex) {
  return mutex == &shared ? __retarget_lock_try_acquire_recursive(mutex) : lock_try(&mutex->word);
}

void __retarget_lock_release(_LOCK_T mutex) {
  if (mutex == &shared)
    __retarget_lock_release_recursive(mutex);
  else
    unlock(&mutex->word);
}

void __retarget_lock_init_recursive(_LOCK_T *mutex) { __retarget_lock_init(mutex); }

void __retarget_lock_close_recursive(_LOCK_T mutex) { __retarget_lock_close(mutex); }

void __retarget_lock_acquire_recursive(_LOCK_T mutex) { lock_recursive(mutex); }

int __retarget_lock_try_acquire_recursive(_LOCK_T mutex) {
  if (mutex == NULL)
    return 1;
  if (lock_mine(mutex)) {
    mutex->count++;
    return 1;
  }
  if (!lock_try(&mutex->word))
    return 0;
  lock_own(mutex);
  return 1;
}

void __retarget_lock_release_recursive(_LOCK_T mutex) { unlock_recursive(mutex); }
