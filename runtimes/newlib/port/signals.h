/* What the files about signals share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PORT_SIGNALS_H
#define PORT_SIGNALS_H

#include <signal.h>

static inline int is_signal(int number) { return number > 0 && number < NSIG; }

static inline sigset_t signal_bit(int number) { return (sigset_t)1 << number; }

#endif
