/* What the files of the thread library share: a thread's own data, its waits, its list. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PTE_H
#define PTE_H

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/single_threaded.h>

#include <hermit/syscalls.h>

#define HIDDEN __attribute__((visibility("hidden")))
#define LIKELY(x) __builtin_expect(!!(x), 1)

/* struct pthread's cancel: acted upon where PENDING is the only one of these but ASYNC. */
enum { CANCEL_DISABLED = 1, CANCEL_ASYNC = 2, CANCEL_PENDING = 4, CANCEL_ENDING = 8 };
/* The topmost byte counts how often the thread itself holds cancellation off for a moment (cancelhold.c). */
#define CANCEL_HELD 0xff000000u
#define CANCEL_DUE (CANCEL_DISABLED | CANCEL_PENDING | CANCEL_ENDING | CANCEL_HELD)

enum { JOINABLE, DETACHED, ENDED }; /* struct pthread's state */

enum {
  KEYS = 1024,
  KEYS_IN_BLOCK = 16, /* the first block of a thread's values is part of struct pthread */
  NAME_SIZE = 16,
  CEILINGS = 32,
  CANCEL_SIGNAL = 64,
  NS_PER_S = 1000000000,
};

struct value {
  uint32_t round; /* of the key that it was set under: a later key of the same number does not see it */
  const void *data;
};

struct robust {
  pthread_mutex_t *first;
};

/* Lies in the thread's TLS, at the same distance from each thread pointer; starts as zeros. */
struct pthread {
  volatile uint32_t cancel; /* first: point.S looks at it */
  int tid;                  /* 0: a thread that never used this library, or not one of it */
  volatile uint32_t running; /* 0 once the thread has left its stack for good */
  volatile uint32_t state;
  unsigned char listing;  /* it holds the lock of the list of threads */
  unsigned char known;    /* it is in that list */
  unsigned char priority; /* of SCHED_FIFO and SCHED_RR, else 0: waiters are sorted by it */
  unsigned char blocks;   /* it has more blocks of values than the first */
  struct pthread *next;   /* in its bucket of the list */
  struct pthread *joiner;
  void *result;
  void *(*start)(void *);
  int (*start_c11)(void *);
  void *argument;
  struct _pthread_cleanup_context *cleanup;
  struct destructor *destructors; /* of C++ thread_local objects */
  struct robust robust;
  unsigned int read_locks; /* held ones: whoever holds one may take another while writers wait */
  unsigned int inheriting; /* mutexes with priority inheritance that it holds */
  unsigned int boosted;    /* a waiter of one of them, or of one it held before, may have lent it a priority */
  int base_policy, base_priority;   /* while it holds mutexes with a ceiling */
  unsigned char ceilings[CEILINGS]; /* how many of each it holds */
  void *stack;
  size_t stack_size, guard_size;
  char name[NAME_SIZE];
  struct value values[KEYS_IN_BLOCK];
  struct value **more; /* further blocks, by number */
};

extern __thread struct pthread __pte_self HIDDEN __attribute__((tls_model("local-exec")));

/* The calling thread's number, which a thread that was not made here lacks at first. */
int __pte_adopt(void) HIDDEN;

static inline int own_tid(void) {
  int tid = __pte_self.tid;
  return LIKELY(tid) ? tid : __pte_adopt();
}

static inline struct pthread *pthread_of(pthread_t thread) {
  uintptr_t distance;
  __asm__("movq $__pte_self@tpoff, %0" : "=r"(distance));
  return (struct pthread *)(thread + distance);
}

/* thread.c: all threads. find gives NULL and no lock, or the thread and the lock, which `found` leaves. */
struct pthread *__pte_find(pthread_t thread) HIDDEN;
void __pte_found(void) HIDDEN;
void __pte_list(struct pthread *thread) HIDDEN;   /* with no lock held */
void __pte_unlist(struct pthread *thread) HIDDEN; /* with no lock held */
extern volatile uint32_t __pte_users HIDDEN; /* threads whose end the program's waits for */

/* exit.c */
void __pte_end(void *result) HIDDEN __attribute__((noreturn));
void __pte_run_destructors(void);
void __pte_run_values(struct pthread *self) HIDDEN;
void __pte_robust_end(struct pthread *self) HIDDEN;

/* create.c: pthread_create, for a function of either kind. */
int __pte_create(pthread_t *id, const pthread_attr_t *attr, void *(*start)(void *), int (*start_c11)(void *),
                 void *argument) HIDDEN;

/* A moment on a clock; NULL where a wait has none. */
struct until {
  int clock;
  const struct timespec *time;
};

/* Whether it can be waited for at all: 0 or EINVAL, and ETIMEDOUT for times before any clock's start. */
static inline int is_clock(const struct until *until) {
  return until->clock == (int)CLOCK_REALTIME || until->clock == (int)CLOCK_MONOTONIC;
}

static inline int until_error(const struct until *until) {
  if (!is_clock(until))
    return EINVAL;
  if (until->time->tv_nsec < 0 || until->time->tv_nsec >= NS_PER_S)
    return EINVAL;
  return until->time->tv_sec < 0 ? ETIMEDOUT : 0;
}

/* wait.c. One look at a futex word: 0 (woken or changed), ETIMEDOUT, EINTR. With `point`, a cancellation gives EINTR. */
int __pte_wait(volatile uint32_t *word, uint32_t value, const struct until *until, int point) HIDDEN;
/* Spin while the word has the value, adaptively by what the object's history taught; whether it changed. */
int __pte_spin(volatile uint32_t *word, uint32_t value, unsigned int *history) HIDDEN;
/* The same for a lock, until it is taken. */
int __pte_spin_lock(volatile uint32_t *word, unsigned int *history) HIDDEN;
/* Note in a history whether spinning, after so many failures, was worth it. */
void __pte_learn(unsigned int *history, unsigned int failures, int success) HIDDEN;

/* point.S: a call that blocks, unless a cancellation is due: then -EINTR, as when one comes while it blocks. */
typedef void (*call)(void); /* cast to it; called with what it takes */
long __pte_point(call what, long a, long b, long c, long d, long e) HIDDEN;
static inline int cancel_due(void) { return (__pte_self.cancel & CANCEL_DUE) == CANCEL_PENDING; }
/* Whether it need not wait for a point. Never while the thread changes the list of threads. */
static inline int cancel_at_once(void) { return cancel_due() && __pte_self.cancel & CANCEL_ASYNC && !__pte_self.listing; }

/* lock.c: the short locks of our own objects. */
void __pte_lock_slow(volatile uint32_t *word);
void __pte_unlock_slow(volatile uint32_t *word);

static inline int lock_try(volatile uint32_t *word) {
  uint32_t expected = 0;
  if (__libc_single_threaded) {
    if (*word)
      return 0;
    *word = 1;
    return 1;
  }
  return __atomic_compare_exchange_n(word, &expected, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void lock(volatile uint32_t *word) {
  if (!LIKELY(lock_try(word)))
    __pte_lock_slow(word);
}

/* To take one off is less work for some CPUs than to exchange; what is not 1 then was 2, and is still held. */
static inline void unlock(volatile uint32_t *word) {
  if (__libc_single_threaded)
    *word = 0;
  else if (__atomic_fetch_sub(word, 1, __ATOMIC_RELEASE) != 1)
    __pte_unlock_slow(word);
}

/* queue.c: threads that wait for an object, each on a word of its own, so that nobody needs the object to wake it. */
struct __pthread_waiter {
  struct __pthread_waiter *next, *before;
  volatile uint32_t word; /* WAITING, GRANTED or SLEEPING */
  unsigned char priority, writer, queued;
};

struct queue {
  struct __pthread_waiter *first, *last;
};

/* By priority, the first come first, who was first before even before those; the object's lock is held. */
void __pte_enqueue(struct queue *queue, struct __pthread_waiter *waiter, int again) HIDDEN;
void __pte_dequeue(struct queue *queue, struct __pthread_waiter *waiter) HIDDEN;
/* Wait to be granted: 0, or ETIMEDOUT or EINTR (a cancellation), where it may still be granted until it is dequeued. */
int __pte_await(struct __pthread_waiter *waiter, const struct until *until, int point, unsigned int *history) HIDDEN;
int __pte_sleeps(const struct __pthread_waiter *waiter) HIDDEN; /* rather than spins */
/* Where an object may be gone as soon as all that wait for it are granted: who gives up says so, and then is not granted any more
   (leaves: 1), or has been already (0); who grants takes one that is in the queue still: 0 it leaves, 1 it is granted and its memory
   its own again, 2 and its word is to be woken. */
int __pte_leaves(struct __pthread_waiter *waiter) HIDDEN;
int __pte_is_leaving(const struct __pthread_waiter *waiter) HIDDEN;
int __pte_take(struct __pthread_waiter *waiter) HIDDEN;
/* The waiter has been dequeued; once it is granted its memory is its own again. */
void __pte_grant(struct __pthread_waiter *waiter) HIDDEN;

/* sched.c */
int __pte_set_schedule(struct pthread *thread, int tid, int policy, int priority) HIDDEN;
int __pte_take_ceiling(int ceiling) HIDDEN; /* 0, or EINVAL: the caller's priority is above it */
void __pte_leave_ceiling(int ceiling) HIDDEN;
int __pte_schedule_error(int policy, int priority) HIDDEN; /* EINVAL where the two do not fit */

/* attr.c */
struct __pthread_affinity {
  size_t words;
  uint64_t mask[];
};
int __pte_attr_error(const pthread_attr_t *attr) HIDDEN;
extern pthread_attr_t __pte_default HIDDEN;
size_t __pte_stack_size(void) HIDDEN;
enum { ATTR_MAGIC = 0x7a11, GUARD_DEFAULT = 65536 };

/* mutex.c: kind of a mutex, 0 for the plain ones. */
enum {
  MUTEX_TYPE = 3,
  MUTEX_INHERIT = 1 << 4,
  MUTEX_PROTECT = 1 << 5,
  MUTEX_ROBUST = 1 << 8,
  MUTEX_LOST = 1 << 10,     /* its owner died, and nobody made it consistent yet */
  MUTEX_UNUSABLE = 1 << 11, /* nobody did, before it was unlocked */
  MUTEX_DESTROYED = 1 << 30,
  MUTEX_OWNED = MUTEX_INHERIT | MUTEX_ROBUST, /* its word holds the owner: see owned.c */
};
/* For condition variables: give a mutex up, however often it is held, and take it as it was. */
int __pte_mutex_release(pthread_mutex_t *mutex, unsigned int *depth) HIDDEN; /* 0, EPERM or EINVAL */
int __pte_mutex_retake(pthread_mutex_t *mutex, unsigned int depth) HIDDEN;   /* 0, EOWNERDEAD or ENOTRECOVERABLE */

/* owned.c: 0, EBUSY, ETIMEDOUT, EINVAL, EOWNERDEAD or ENOTRECOVERABLE. */
int __pte_owned_lock(pthread_mutex_t *mutex, const struct until *until, int try) HIDDEN;
void __pte_owned_unlock(pthread_mutex_t *mutex) HIDDEN;
int __pte_owned_by(const pthread_mutex_t *mutex) HIDDEN; /* thread id or 0 */

#endif
