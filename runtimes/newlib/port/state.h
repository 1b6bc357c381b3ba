/* Per-thread state of the C library. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PORT_STATE_H
#define PORT_STATE_H

#include <reent.h>

/* Makes the calling thread the main one: it uses the global state, whose streams exit() flushes. */
void __hermit_reent_main(void);

/* Frees what the calling thread's state holds; the thread is about to end. */
void __hermit_reent_end(void);

/* Gives the heap back what malloc keeps for the calling thread; the last that the thread does, after all that may free. */
void __hermit_malloc_thread_end(void);

/* The clock of a thread's processor time; clock ids of the system are small numbers. */
#define HERMIT_THREAD_CLOCK 0x10000

#endif
