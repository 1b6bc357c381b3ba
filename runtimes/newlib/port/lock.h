/* newlib's locks as they are inside, and a stream's taken without any call where it is free. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PORT_LOCK_H
#define PORT_LOCK_H

#include <stdint.h>
#include <stdio.h>

#include "pte/pte.h"

struct __lock {
  volatile uint32_t word;
  uint32_t count; /* depth beyond the first, recursive locks only */
  void *owner;    /* thread pointer of the holder, recursive locks only */
};

/* Only the holder can see itself as the owner, so a plain look is enough. */
static inline int lock_mine(struct __lock *mutex) {
  return __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED) == __builtin_thread_pointer();
}

static inline void lock_own(struct __lock *mutex) {
  __atomic_store_n(&mutex->owner, __builtin_thread_pointer(), __ATOMIC_RELAXED);
}

/* A standard stream before its first use, which flockfile() does not count as one, has no lock yet: there is only one
   thread, as pthread_create makes sure that they have theirs. */
static inline void lock_recursive(struct __lock *mutex) {
  if (mutex == NULL)
    return;
  if (lock_mine(mutex)) {
    mutex->count++;
    return;
  }
  lock(&mutex->word);
  lock_own(mutex);
}

static inline void unlock_recursive(struct __lock *mutex) {
  if (mutex == NULL || !lock_mine(mutex)) /* it was made between the two calls */
    return;
  if (mutex->count > 0) {
    mutex->count--;
    return;
  }
  __atomic_store_n(&mutex->owner, NULL, __ATOMIC_RELAXED);
  unlock(&mutex->word);
}

/* What flockfile() and funlockfile() do. */
static inline void lock_stream(FILE *stream) {
  if (!(stream->_flags & __SSTR))
    lock_recursive((struct __lock *)stream->_lock);
}

static inline void unlock_stream(FILE *stream) {
  if (!(stream->_flags & __SSTR))
    unlock_recursive((struct __lock *)stream->_lock);
}

#endif
