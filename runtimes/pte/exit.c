/* The end of a thread: handlers, destructors, what it still holds, and the program's end with the last one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "../newlib/port/state.h"
#include "pte.h"

/* A C++ thread_local object that was made. */
struct destructor {
  struct destructor *next;
  void (*function)(void *);
  void *object;
};

/* The C++ runtime's registration; 0, or -1 without memory. Programs are one image: `image` tells nothing. */
int __cxa_thread_atexit_impl(void (*function)(void *), void *object, void *image) {
  struct destructor *made = malloc(sizeof *made);
  (void)image;
  if (made == NULL)
    return -1;
  *made = (struct destructor){__pte_self.destructors, function, object};
  __pte_self.destructors = made;
  return 0;
}

/* Also called by exit(), for the thread that ends the program. */
void __pte_run_destructors(void) {
  struct destructor *last;
  while ((last = __pte_self.destructors) != NULL) {
    __pte_self.destructors = last->next;
    last->function(last->object);
    free(last);
  }
}

void __pte_end(void *result) {
  struct pthread *self = &__pte_self;
  __atomic_fetch_or(&self->cancel, CANCEL_ENDING, __ATOMIC_RELAXED);
  self->result = result;
  __pte_run_destructors();
  __pte_run_values(self);
  __pte_robust_end(self);
  if (self->known && __atomic_sub_fetch(&__pte_users, 1, __ATOMIC_ACQ_REL) == 0)
    exit(0);
  __hermit_reent_end();
  __hermit_malloc_thread_end();
  if (__atomic_exchange_n(&self->state, ENDED, __ATOMIC_ACQ_REL) == DETACHED) {
    if (self->known)
      __pte_unlist(self);
    sys_thread_end(NULL);
  }
  sys_thread_end(&self->running);
}
