// What the programs about threads share: who runs on which core, and crowds of threads that begin together.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stddef.h>

// The cores that this process may use.
int cores(void);

// Binds the calling thread to the nth of them.
void pin(int core);

// Lets it run on all of them again.
void unpin(void);

// Prints "name: value".
void print_figure(const char *name, double value);

// Nanoseconds from when the first of `count` threads begins, all being there, to when the last is done; each runs function(data, calls).
double crowd_ns(int count, void (*function)(void *data, size_t calls), void *data, size_t calls);

// The figures of crowds.c.
void crowds(void);

// A call that must succeed; else the program ends with a line.
void must(const char *what, int error);
