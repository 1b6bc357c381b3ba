/* Read-write locks. Free or shared, they are taken and given up by one atomic operation; whoever must wait queues. The
   release hands the lock over to waiting readers; a writer is woken to try again, for a lock that waits for a thread to
   be woken helps nobody. While anybody queues, the state changes under the queue's lock only. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "pte.h"

#define WRITTEN 0x80000000u
#define QUEUED 0x40000000u /* somebody waits; changed with the lock of the queue only */
#define READERS 0x3fffffffu
#define DESTROYED (-1)

static struct queue *queue(pthread_rwlock_t *lock) { return (struct queue *)&lock->__r.__first; }

/* Replace the state, without an atomic operation while there is one thread. */
static int swap(volatile uint32_t *state, uint32_t *before, uint32_t after, int order) {
  if (__libc_single_threaded) {
    *state = after;
    return 1;
  }
  return __atomic_compare_exchange_n(state, before, after, 0, order, __ATOMIC_RELAXED);
}

int pthread_rwlock_init(pthread_rwlock_t *rwlock, const pthread_rwlockattr_t *attr) {
  memset(rwlock, 0, sizeof *rwlock);
  if (attr)
    rwlock->__r.__kind = attr->__r.__kind;
  return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *rwlock) {
  if (rwlock->__r.__kind == DESTROYED)
    return EINVAL;
  lock(&rwlock->__r.__lock); /* whoever handed it over has then left */
  int busy = rwlock->__r.__state != 0;
  if (!busy)
    rwlock->__r.__kind = DESTROYED;
  unlock(&rwlock->__r.__lock);
  return busy ? EBUSY : 0;
}

/* Whether a reader has to let the waiting writers go first, where only readers hold the lock. Who reads already would
   wait for itself. By default it does for writers of its own real-time priority or above, as POSIX wants. */
static int yields(pthread_rwlock_t *rwlock) {
  int kind = rwlock->__r.__kind;
  if (kind == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
    return 1;
  if (__pte_self.read_locks)
    return 0;
  if (kind == PTHREAD_RWLOCK_PREFER_WRITER_NP)
    return 1;
  struct __pthread_waiter *first = rwlock->__r.__first;
  return __pte_self.priority && first && first->writer && first->priority >= __pte_self.priority;
}

/* 0 or EBUSY; `locked`: the caller holds the queue's lock. */
static int try_read(pthread_rwlock_t *rwlock, int locked) {
  uint32_t state = __atomic_load_n(&rwlock->__r.__state, __ATOMIC_RELAXED);
  while (!(state & WRITTEN) && (!(state & QUEUED) || (locked && !yields(rwlock)))) {
    if ((state & READERS) == READERS)
      return EAGAIN;
    if (swap(&rwlock->__r.__state, &state, state + 1, __ATOMIC_ACQUIRE)) {
      __pte_self.read_locks++;
      return 0;
    }
  }
  return EBUSY;
}

/* The same for a writer. */
static int try_write(pthread_rwlock_t *rwlock, int locked) {
  uint32_t state = __atomic_load_n(&rwlock->__r.__state, __ATOMIC_RELAXED);
  if ((locked ? state & ~QUEUED : state) != 0 ||
      !swap(&rwlock->__r.__state, &state, state | WRITTEN, __ATOMIC_ACQUIRE))
    return EBUSY;
  rwlock->__r.__owner = own_tid();
  return 0;
}

/* Whether readers behind a waiting writer go with those in front of it: by default they must, as a reader that has the
   lock may wait for one that has it not yet. Not behind a real-time writer, who is at least as urgent. */
static int passes(pthread_rwlock_t *rwlock, const struct __pthread_waiter *writer) {
  return rwlock->__r.__kind == PTHREAD_RWLOCK_PREFER_READER_NP && writer->priority == 0;
}

/* Hand the lock, which so many readers hold, to the readers that wait; the chain of them, by next. */
static struct __pthread_waiter *hand_to_readers(pthread_rwlock_t *rwlock, uint32_t readers) {
  struct queue *waiting = queue(rwlock);
  struct __pthread_waiter *granted = NULL, **last = &granted, *next;
  for (struct __pthread_waiter *each = waiting->first; each; each = next) {
    next = each->next;
    if (each->writer) {
      if (!passes(rwlock, each))
        break;
      continue;
    }
    __pte_dequeue(waiting, each);
    *last = each;
    last = &each->next;
    readers++;
  }
  *last = NULL;
  __atomic_store_n(&rwlock->__r.__state, readers | (waiting->first ? QUEUED : 0), __ATOMIC_RELEASE);
  return granted;
}

/* With the queue's lock: give a lock that nobody holds, or so many readers, to those in front. Who is to be woken, by
   next: readers have the lock then, a writer tries again, and only one at a time. */
static struct __pthread_waiter *hand_over(pthread_rwlock_t *rwlock, uint32_t readers) {
  struct queue *waiting = queue(rwlock);
  struct __pthread_waiter *first = waiting->first;
  if (first == NULL || !first->writer)
    return hand_to_readers(rwlock, readers);
  if (rwlock->__r.__woken) {
    first = NULL;
  } else {
    rwlock->__r.__woken = 1;
    __pte_dequeue(waiting, first);
    first->next = NULL;
  }
  __atomic_store_n(&rwlock->__r.__state, waiting->first ? QUEUED : 0, __ATOMIC_RELEASE);
  return first;
}

static void grant_all(struct __pthread_waiter *granted) {
  while (granted) {
    struct __pthread_waiter *next = granted->next;
    __pte_grant(granted);
    granted = next;
  }
}

/* Queue, in front where this is another try, unless the lock is to be had now: then 0, else EBUSY. Without `queues`,
   which is for the last try, do not queue. */
static int take_or_queue(pthread_rwlock_t *rwlock, struct __pthread_waiter *self, int again, int queues) {
  int error;
  lock(&rwlock->__r.__lock);
  if (again)
    rwlock->__r.__woken = 0;
  while ((error = self->writer ? try_write(rwlock, 1) : try_read(rwlock, 1)) == EBUSY && queues) {
    uint32_t state = __atomic_load_n(&rwlock->__r.__state, __ATOMIC_RELAXED);
    if (self->writer ? (state & ~QUEUED) == 0 : !(state & (WRITTEN | QUEUED)))
      continue;
    if (state & QUEUED || swap(&rwlock->__r.__state, &state, state | QUEUED, __ATOMIC_RELAXED)) {
      __pte_enqueue(queue(rwlock), self, again);
      break;
    }
  }
  unlock(&rwlock->__r.__lock);
  return error;
}

/* Out of the queue after the time is up; 0 if the caller was taken out of it first, to be woken. */
static int give_up(pthread_rwlock_t *rwlock, struct __pthread_waiter *self) {
  struct __pthread_waiter *granted = NULL;
  lock(&rwlock->__r.__lock);
  int queued = self->queued;
  if (queued) {
    __pte_dequeue(queue(rwlock), self);
    uint32_t state = rwlock->__r.__state;
    struct __pthread_waiter *first = rwlock->__r.__first;
    if (first == NULL)
      __atomic_and_fetch(&rwlock->__r.__state, ~QUEUED, __ATOMIC_RELAXED);
    else if (!(state & WRITTEN) && !first->writer) /* readers that only waited behind this writer */
      granted = hand_over(rwlock, state & READERS);
  }
  unlock(&rwlock->__r.__lock);
  grant_all(granted);
  return queued;
}

static int wait(pthread_rwlock_t *rwlock, int writer, const struct until *until) {
  struct __pthread_waiter self = {.writer = (unsigned char)writer};
  if (rwlock->__r.__kind == DESTROYED)
    return EINVAL;
  if (rwlock->__r.__state & WRITTEN && rwlock->__r.__owner == own_tid())
    return EDEADLK;
  int error = until ? until_error(until) : 0;
  if (error)
    return error;
  if (writer && __pte_spin(&rwlock->__r.__state, WRITTEN, &rwlock->__r.__spins) && try_write(rwlock, 0) == 0)
    return 0;
  for (int again = 0, late = 0;; again = 1) {
    error = take_or_queue(rwlock, &self, again, !late);
    if (error != EBUSY)
      return error;
    if (late)
      return ETIMEDOUT;
    late = __pte_await(&self, until, 0, &rwlock->__r.__spins) != 0;
    if (late && give_up(rwlock, &self))
      return ETIMEDOUT;
    while (late && __pte_await(&self, NULL, 0, &rwlock->__r.__spins)) /* it is just being woken */
      ;
    if (!writer) {
      __pte_self.read_locks++;
      return 0;
    }
  }
}

static int read_lock(pthread_rwlock_t *rwlock, const struct until *until) {
  int error = rwlock->__r.__kind == DESTROYED ? EINVAL : try_read(rwlock, 0);
  return LIKELY(error != EBUSY) ? error : wait(rwlock, 0, until);
}

static int write_lock(pthread_rwlock_t *rwlock, const struct until *until) {
  int error = rwlock->__r.__kind == DESTROYED ? EINVAL : try_write(rwlock, 0);
  return LIKELY(error != EBUSY) ? error : wait(rwlock, 1, until);
}

int pthread_rwlock_rdlock(pthread_rwlock_t *rwlock) { return read_lock(rwlock, NULL); }

int pthread_rwlock_wrlock(pthread_rwlock_t *rwlock) { return write_lock(rwlock, NULL); }

int pthread_rwlock_clockrdlock(pthread_rwlock_t *rwlock, clockid_t clock, const struct timespec *time) {
  struct until until = {(int)clock, time};
  return read_lock(rwlock, &until);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *rwlock, clockid_t clock, const struct timespec *time) {
  struct until until = {(int)clock, time};
  return write_lock(rwlock, &until);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *rwlock, const struct timespec *time) {
  return pthread_rwlock_clockrdlock(rwlock, CLOCK_REALTIME, time);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *rwlock, const struct timespec *time) {
  return pthread_rwlock_clockwrlock(rwlock, CLOCK_REALTIME, time);
}

/* Who finds others waiting asks again with the queue's lock. */
static int try_lock(pthread_rwlock_t *rwlock, int writer) {
  struct __pthread_waiter self = {.writer = (unsigned char)writer};
  if (rwlock->__r.__kind == DESTROYED)
    return EINVAL;
  int error = writer ? try_write(rwlock, 0) : try_read(rwlock, 0);
  if (error != EBUSY || !(__atomic_load_n(&rwlock->__r.__state, __ATOMIC_RELAXED) & QUEUED))
    return error;
  return take_or_queue(rwlock, &self, 0, 0);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *rwlock) { return try_lock(rwlock, 0); }

int pthread_rwlock_trywrlock(pthread_rwlock_t *rwlock) { return try_lock(rwlock, 1); }

/* The last one out of a lock that is waited for. The state keeps what is given up until the queue's lock is held: as
   long as it does, the lock cannot be destroyed. */
static int unlock_queued(pthread_rwlock_t *rwlock) {
  struct __pthread_waiter *granted = NULL;
  lock(&rwlock->__r.__lock);
  uint32_t state = __atomic_load_n(&rwlock->__r.__state, __ATOMIC_RELAXED);
  while (!(state & QUEUED)) /* the last one to wait gave up meanwhile */
    if (swap(&rwlock->__r.__state, &state, state & WRITTEN ? 0 : state - 1, __ATOMIC_RELEASE))
      goto done;
  if (state & WRITTEN || (state & READERS) == 1)
    granted = hand_over(rwlock, 0);
  else
    __atomic_sub_fetch(&rwlock->__r.__state, 1, __ATOMIC_RELEASE);
done:
  unlock(&rwlock->__r.__lock);
  grant_all(granted);
  return 0;
}

int pthread_rwlock_unlock(pthread_rwlock_t *rwlock) {
  uint32_t state = __atomic_load_n(&rwlock->__r.__state, __ATOMIC_RELAXED);
  if (!(state & (WRITTEN | READERS)) || rwlock->__r.__kind == DESTROYED)
    return rwlock->__r.__kind == DESTROYED ? EINVAL : EPERM;
  if (state & WRITTEN) {
    if (rwlock->__r.__owner != own_tid())
      return EPERM;
    rwlock->__r.__owner = 0;
  } else if (__pte_self.read_locks) {
    __pte_self.read_locks--;
  }
  while (!(state & QUEUED))
    if (swap(&rwlock->__r.__state, &state, state & WRITTEN ? 0 : state - 1, __ATOMIC_RELEASE))
      return 0;
  return unlock_queued(rwlock);
}
