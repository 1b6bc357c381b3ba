/* The list of all threads, by which a pthread_t is told from one that is no more. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <unistd.h>

#include "pte.h"

enum { BUCKETS = 256, BLOCK_BITS = 12 }; /* threads lie whole pages apart */

__thread struct pthread __pte_self;
volatile uint32_t __pte_users = 1;

static struct pthread *buckets[BUCKETS];
static volatile uint32_t list_lock;

static struct pthread **bucket(const struct pthread *thread) {
  uintptr_t page = (uintptr_t)thread >> BLOCK_BITS;
  return &buckets[(page ^ page / BUCKETS) % BUCKETS];
}

/* While `listing`, a signal handler that asks for a thread finds the lock taken by its own thread, and neither takes
   it nor looks at the list, which may be half changed; and asynchronous cancellation waits. */
static void enter(void) {
  __pte_self.listing = 1;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  lock(&list_lock);
}

void __pte_found(void) {
  if (__pte_self.listing > 1) {
    __pte_self.listing--;
    return;
  }
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  unlock(&list_lock);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  __pte_self.listing = 0;
  if (__pte_self.cancel & CANCEL_ASYNC)
    pthread_testcancel();
}

struct pthread *__pte_find(pthread_t id) {
  struct pthread *wanted = pthread_of(id);
  if (__pte_self.listing) {
    __pte_self.listing++;
    return wanted;
  }
  enter();
  for (struct pthread *thread = *bucket(wanted); thread; thread = thread->next)
    if (thread == wanted)
      return wanted;
  if (wanted == &__pte_self) { /* HermitCore's own threads are in no list, but know themselves */
    own_tid();
    return wanted;
  }
  __pte_found();
  return NULL;
}

void __pte_list(struct pthread *thread) {
  enter();
  struct pthread **head = bucket(thread);
  thread->next = *head;
  *head = thread;
  thread->known = 1;
  __pte_found();
}

void __pte_unlist(struct pthread *thread) {
  enter();
  struct pthread **link = bucket(thread);
  while (*link && *link != thread)
    link = &(*link)->next;
  if (*link)
    *link = thread->next;
  thread->known = 0;
  __pte_found();
}

/* The main thread, when it starts, and threads that the kernel's own calls made, when they first ask. */
int __pte_adopt(void) {
  struct sys_thread self;
  sys_thread_self(&self);
  __pte_self.stack = self.stack;
  __pte_self.stack_size = self.stack_size;
  __pte_self.guard_size = self.guard_size;
  __pte_self.state = self.tid == 1 ? JOINABLE : DETACHED;
  __pte_self.running = 1;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  __pte_self.tid = self.tid;
  return self.tid;
}

/* The C library's start calls it in the main thread: others may join that one before it ever asks who it is. */
void __pte_main(void) {
  __pte_adopt();
  __pte_list(&__pte_self);
}

pthread_t pthread_self(void) { return (pthread_t)__builtin_thread_pointer(); }

int pthread_equal(pthread_t one, pthread_t other) { return one == other; }

pid_t gettid(void) { return own_tid(); }
