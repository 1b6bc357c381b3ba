/* random(): additive feedback over 7 to 63 words as BSD and GNU have it, or one word's linear congruence; and GNU's _r. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "../port/port.h"

enum { KINDS = 5, WARM_UP = 10 };

/* Words, distance of the two that are added, and bytes of state from which on the kind is chosen. */
static const struct kind {
  int degree, separation;
  size_t bytes;
} kinds[KINDS] = {{0, 0, 8}, {7, 3, 32}, {15, 1, 64}, {31, 3, 128}, {63, 1, 256}};

int random_r(struct random_data *restrict data, int32_t *restrict result) {
  if (data->rand_type == 0) {
    uint32_t value = ((uint32_t)data->state[0] * 1103515245U + 12345U) & 0x7fffffff;
    data->state[0] = *result = (int32_t)value;
    return 0;
  }
  uint32_t value = (uint32_t)*data->fptr + (uint32_t)*data->rptr;
  *data->fptr = (int32_t)value;
  *result = (int32_t)(value >> 1);
  if (++data->fptr == data->end_ptr)
    data->fptr = data->state;
  if (++data->rptr == data->end_ptr)
    data->rptr = data->state;
  return 0;
}

/* The word before the state tells its kind and how far the rear has come, for setstate(). */
static void remember(struct random_data *data) {
  int place = data->rand_type ? (int)(data->rptr - data->state) : 0;
  data->state[-1] = place * KINDS + data->rand_type;
}

int srandom_r(unsigned seed, struct random_data *data) {
  if (data == NULL || data->state == NULL || data->rand_type < 0 || data->rand_type >= KINDS)
    return fails(EINVAL);
  int64_t word = (int32_t)(seed ? seed : 1);
  data->state[0] = (int32_t)word;
  if (data->rand_type == 0)
    return 0;
  /* each word is 16807 times the one before, modulo 2^31 - 1 */
  for (int i = 1; i < data->rand_deg; i++) {
    int64_t high = word / 127773, low = word % 127773;
    word = 16807 * low - 2836 * high;
    if (word < 0)
      word += 2147483647;
    data->state[i] = (int32_t)word;
  }
  data->fptr = data->state + data->rand_sep;
  data->rptr = data->state;
  for (int i = 0; i < WARM_UP * data->rand_deg; i++) {
    int32_t ignored;
    random_r(data, &ignored);
  }
  return 0;
}

static void use(struct random_data *data, int type, int32_t *state) {
  *data = (struct random_data){.state = state, .rand_type = type, .rand_deg = kinds[type].degree,
                               .rand_sep = kinds[type].separation, .end_ptr = state + kinds[type].degree};
}

int initstate_r(unsigned seed, char *restrict memory, size_t size, struct random_data *restrict data) {
  int type = KINDS - 1;
  if (data == NULL || size < kinds[0].bytes)
    return fails(EINVAL);
  while (size < kinds[type].bytes)
    type--;
  if (data->state)
    remember(data);
  use(data, type, (int32_t *)memory + 1);
  srandom_r(seed, data);
  remember(data);
  return 0;
}

int setstate_r(char *restrict memory, struct random_data *restrict data) {
  int32_t *state = (int32_t *)memory + 1;
  if (memory == NULL || data == NULL || state[-1] < 0)
    return fails(EINVAL);
  int type = state[-1] % KINDS, place = state[-1] / KINDS;
  if (place > kinds[type].degree)
    return fails(EINVAL);
  if (data->state)
    remember(data);
  use(data, type, state);
  if (type) {
    data->rptr = state + place;
    data->fptr = state + (place + kinds[type].separation) % kinds[type].degree;
  }
  return 0;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int32_t memory[32];
static struct random_data own;

/* Seed 1 unless the program gave another; called with the lock. */
static struct random_data *ready(void) {
  if (own.state == NULL)
    initstate_r(1, (char *)memory, sizeof memory, &own);
  return &own;
}

long random(void) {
  int32_t value;
  pthread_mutex_lock(&lock);
  random_r(ready(), &value);
  pthread_mutex_unlock(&lock);
  return value;
}

void srandom(unsigned seed) {
  pthread_mutex_lock(&lock);
  srandom_r(seed, ready());
  pthread_mutex_unlock(&lock);
}

char *initstate(unsigned seed, char *state, size_t size) {
  pthread_mutex_lock(&lock);
  char *before = (char *)(ready()->state - 1);
  int error = initstate_r(seed, state, size, &own);
  pthread_mutex_unlock(&lock);
  return error < 0 ? NULL : before;
}

char *setstate(char *state) {
  pthread_mutex_lock(&lock);
  char *before = (char *)(ready()->state - 1);
  int error = setstate_r(state, &own);
  pthread_mutex_unlock(&lock);
  return error < 0 ? NULL : before;
}
