/* newlib's locks. A free lock is taken without any call, before the first thread even without an atomic operation; a
   held one waits in the kernel. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <sys/lock.h>
#include <sys/single_threaded.h>

#include "port.h"

enum { FREE, HELD, WAITED };

struct __lock {
  volatile uint32_t word; /* FREE, HELD, or WAITED: held, and the release must wake */
  uint32_t count;         /* depth beyond the first, recursive locks only */
  void *owner;            /* thread pointer of the holder, recursive locks only */
};

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

static int take_free(struct __lock *lock) {
  uint32_t expected = FREE;
  if (__libc_single_threaded) {
    if (lock->word != FREE)
      return 0;
    lock->word = HELD;
    return 1;
  }
  return __atomic_compare_exchange_n(&lock->word, &expected, HELD, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void take(struct __lock *lock) {
  if (take_free(lock))
    return;
  while (__atomic_exchange_n(&lock->word, WAITED, __ATOMIC_ACQUIRE) != FREE)
    sys_futex_wait(&lock->word, WAITED, NULL);
}

static void leave(struct __lock *lock) {
  if (__libc_single_threaded) {
    lock->word = FREE;
    return;
  }
  if (__atomic_exchange_n(&lock->word, FREE, __ATOMIC_RELEASE) == WAITED)
    sys_futex_wake(&lock->word, 1);
}

/* Only the holder can see itself as the owner, so a plain look is enough. */
static int mine(struct __lock *lock) {
  return __atomic_load_n(&lock->owner, __ATOMIC_RELAXED) == __builtin_thread_pointer();
}

static void own(struct __lock *lock) {
  __atomic_store_n(&lock->owner, __builtin_thread_pointer(), __ATOMIC_RELAXED);
}

void __retarget_lock_init(_LOCK_T *lock) {
  struct __lock *made = calloc(1, sizeof *made);
  *lock = made ? made : &shared;
}

void __retarget_lock_close(_LOCK_T lock) {
  if (lock != &shared)
    free(lock);
}

/* The shared lock may be held already, by a stream around this one: it is always taken as recursive. */
void __retarget_lock_acquire(_LOCK_T lock) {
  if (lock == &shared)
    __retarget_lock_acquire_recursive(lock);
  else
    take(lock);
}

int __retarget_lock_try_acquire(_LOCK_T lock) {
  return lock == &shared ? __retarget_lock_try_acquire_recursive(lock) : take_free(lock);
}

void __retarget_lock_release(_LOCK_T lock) {
  if (lock == &shared)
    __retarget_lock_release_recursive(lock);
  else
    leave(lock);
}

void __retarget_lock_init_recursive(_LOCK_T *lock) { __retarget_lock_init(lock); }

void __retarget_lock_close_recursive(_LOCK_T lock) { __retarget_lock_close(lock); }

void __retarget_lock_acquire_recursive(_LOCK_T lock) {
  if (mine(lock)) {
    lock->count++;
    return;
  }
  take(lock);
  own(lock);
}

int __retarget_lock_try_acquire_recursive(_LOCK_T lock) {
  if (mine(lock)) {
    lock->count++;
    return 1;
  }
  if (!take_free(lock))
    return 0;
  own(lock);
  return 1;
}

void __retarget_lock_release_recursive(_LOCK_T lock) {
  if (lock->count > 0) {
    lock->count--;
    return;
  }
  __atomic_store_n(&lock->owner, NULL, __ATOMIC_RELAXED);
  leave(lock);
}
