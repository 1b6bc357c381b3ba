/* The 48-bit linear congruence of drand48() and its kind; the state is the program's, and 0 before a seed, as in glibc. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

enum { WORDS = 3 };

#define FACTOR 0x5deece66dULL
#define ADDEND 0xbULL

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned short own[WORDS];
static uint64_t factor = FACTOR, addend = ADDEND;

static uint64_t load(const unsigned short *words) {
  return (uint64_t)words[0] | (uint64_t)words[1] << 16 | (uint64_t)words[2] << 32;
}

/* The next 48 bits. */
static uint64_t next(unsigned short *words) {
  pthread_mutex_lock(&lock);
  uint64_t value = (load(words) * factor + addend) & 0xffffffffffffULL;
  words[0] = (unsigned short)value, words[1] = (unsigned short)(value >> 16), words[2] = (unsigned short)(value >> 32);
  pthread_mutex_unlock(&lock);
  return value;
}

double erand48(unsigned short words[WORDS]) { return (double)next(words) * 0x1p-48; }

long nrand48(unsigned short words[WORDS]) { return (long)(next(words) >> 17); }

long jrand48(unsigned short words[WORDS]) { return (int32_t)(next(words) >> 16); }

double drand48(void) { return erand48(own); }

long lrand48(void) { return nrand48(own); }

long mrand48(void) { return jrand48(own); }

static void set(const unsigned short *words, uint64_t new_factor, uint64_t new_addend) {
  pthread_mutex_lock(&lock);
  memcpy(own, words, sizeof own);
  factor = new_factor, addend = new_addend;
  pthread_mutex_unlock(&lock);
}

void srand48(long seed) {
  unsigned short words[WORDS] = {0x330e, (unsigned short)seed, (unsigned short)(seed >> 16)};
  set(words, FACTOR, ADDEND);
}

unsigned short *seed48(unsigned short words[WORDS]) {
  static unsigned short before[WORDS];
  memcpy(before, own, sizeof before);
  set(words, FACTOR, ADDEND);
  return before;
}

void lcong48(unsigned short words[2 * WORDS + 1]) { set(words, load(words + WORDS), words[2 * WORDS]); }

/* newlib's names with a thread's state, which ours does not need. */
double _drand48_r(struct _reent *reent) {
  (void)reent;
  return drand48();
}

double _erand48_r(struct _reent *reent, unsigned short words[WORDS]) {
  (void)reent;
  return erand48(words);
}
