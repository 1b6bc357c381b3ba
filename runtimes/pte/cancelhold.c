/* Cancellation held off while a stream is locked: without the atomic operations of pthread_setcancelstate. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

/* A byte of its own within the word that others change: only this thread ever writes it, and no locked operation of
   theirs on the word can lose it. It is nested a few times at most. */
static volatile unsigned char *held(void) { return (volatile unsigned char *)&__pte_self.cancel + 3; }

void __hermit_cancel_hold(void) { ++*held(); }

void __hermit_cancel_release(void) {
  --*held();
  if (cancel_at_once())
    pthread_exit(PTHREAD_CANCELED);
}
