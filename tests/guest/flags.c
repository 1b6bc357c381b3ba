/* What an HPC Makefile passes: the same results by every set of flags; guards that end the program where asked for. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flags.h"

static volatile double small = 1e-300, scale = 1e-15;
static double a[N], b[N];

/* -ffast-math lets the CPU take denormals for 0: in all threads. */
static int flushes(void) { return small * scale == 0; }

static void *ask(void *flush) {
  *(int *)flush = flushes();
  return NULL;
}

static void floats(void) {
  pthread_t thread;
  int other = -1;
  double sum = 0;
  pthread_create(&thread, NULL, ask, &other);
  pthread_join(thread, NULL);
#ifdef __FAST_MATH__
  const int want = 1;
#else
  const int want = 0;
#endif
  printf("denormals: %s\n", flushes() == want && other == want ? "right" : "wrong");
  for (int i = 0; i < N; i++)
    a[i] = i % 10, b[i] = 1;
#pragma omp simd reduction(+ : sum)
  for (int i = 0; i < N; i++)
    sum += a[i] * b[i];
  for (int i = 0; i < N; i++)
    b[i] = sqrt(a[i] * a[i]) + fmax(a[i], 0.5);
  for (int i = 0; i < N; i++)
    sum += b[i];
  printf("sum: %.1f\n", sum);
}

/* Code that compilers turn into calls of memcpy, memset, memcmp and memmove. */
static void blocks(void) {
  struct block first, second;
  for (int i = 0; i < (int)sizeof first.bytes; i++)
    first.bytes[i] = (unsigned char)(i * 7);
  second = pass(first);
  int same = 1;
  for (int i = 0; i < (int)sizeof first.bytes; i++)
    same &= second.bytes[i] == (unsigned char)(first.bytes[i] + 1);
  clear(&first);
  for (int i = 0; i < (int)sizeof first.bytes; i++)
    same &= first.bytes[i] == 0;
  printf("blocks: %s\n", same ? "right" : "wrong");
}

__attribute__((noinline)) static void smash(unsigned long count) {
  char bytes[16];
  memset(bytes, 'x', count);
  puts(bytes + count - 1);
}

__attribute__((noinline)) static void overflow(const char *text) {
  char bytes[4];
  strcpy(bytes, text);
  puts(bytes);
}

int main(int argc, char **argv) {
  const char *which = argc > 1 ? argv[1] : "";
  floats();
  blocks();
  fflush(stdout);
  if (strcmp(which, "smash") == 0)
    smash(strlen(which) * 20);
  if (strcmp(which, "overflow") == 0)
    overflow(which);
  puts("end");
  return 0;
}
