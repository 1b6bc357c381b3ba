/* Thread-specific data: a thread's first values lie in its own TLS, further blocks come when they are set. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <stdlib.h>

#include "pte.h"

enum { BLOCKS = KEYS / KEYS_IN_BLOCK };

/* A round is odd while the key is in use. Values remember it: those of a deleted key count as unset. */
static struct {
  volatile uint32_t round;
  void (*destructor)(void *);
} keys[KEYS];

static struct value *find_value(struct pthread *self, pthread_key_t key) {
  if (LIKELY(key < KEYS_IN_BLOCK))
    return &self->values[key];
  if (key >= KEYS || self->more == NULL || self->more[key / KEYS_IN_BLOCK] == NULL)
    return NULL;
  return &self->more[key / KEYS_IN_BLOCK][key % KEYS_IN_BLOCK];
}

static struct value *make_value(struct pthread *self, pthread_key_t key) {
  if (self->more == NULL && (self->more = calloc(BLOCKS, sizeof *self->more)) == NULL)
    return NULL;
  struct value **block = &self->more[key / KEYS_IN_BLOCK];
  if (*block == NULL && (*block = calloc(KEYS_IN_BLOCK, sizeof **block)) == NULL)
    return NULL;
  return *block + key % KEYS_IN_BLOCK;
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) {
  for (pthread_key_t i = 0; i < KEYS; i++) {
    uint32_t round = keys[i].round;
    if (round & 1 || !__atomic_compare_exchange_n(&keys[i].round, &round, round + 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
      continue;
    keys[i].destructor = destructor;
    *key = i;
    return 0;
  }
  return EAGAIN;
}

/* glibc's second name, which libgcc and libstdc++ ask for to see whether there are threads. */
int __pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) __attribute__((alias("pthread_key_create")));

int pthread_key_delete(pthread_key_t key) {
  if (key >= KEYS)
    return EINVAL;
  uint32_t round = keys[key].round;
  if (!(round & 1) || !__atomic_compare_exchange_n(&keys[key].round, &round, round + 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
    return EINVAL;
  return 0;
}

void *pthread_getspecific(pthread_key_t key) {
  struct value *value = find_value(&__pte_self, key);
  if (value == NULL || value->round != keys[key].round)
    return NULL;
  return (void *)value->data;
}

int pthread_setspecific(pthread_key_t key, const void *data) {
  if (key >= KEYS || !(keys[key].round & 1))
    return EINVAL;
  struct value *value = find_value(&__pte_self, key);
  if (value == NULL) {
    if (data == NULL)
      return 0;
    value = make_value(&__pte_self, key);
    if (value == NULL)
      return ENOMEM;
  }
  value->data = data;
  value->round = keys[key].round;
  return 0;
}

/* Call the destructor of a value that is set; whether there was one. */
static int destroy(pthread_key_t key, struct value *value) {
  uint32_t round = keys[key].round;
  void (*destructor)(void *) = keys[key].destructor;
  void *data = (void *)value->data;
  if (data == NULL || value->round != round)
    return 0;
  value->data = NULL;
  if (destructor == NULL)
    return 0;
  destructor(data);
  return 1;
}

static int destroy_block(pthread_key_t first, struct value *block) {
  int any = 0;
  for (pthread_key_t i = 0; i < KEYS_IN_BLOCK; i++)
    any |= destroy(first + i, &block[i]);
  return any;
}

void __pte_run_values(struct pthread *self) {
  for (int round = 0; round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
    int any = destroy_block(0, self->values);
    for (int block = 1; self->more && block < BLOCKS; block++)
      if (self->more[block])
        any |= destroy_block(block * KEYS_IN_BLOCK, self->more[block]);
    if (!any)
      break;
  }
  if (self->more == NULL)
    return;
  for (int block = 1; block < BLOCKS; block++)
    free(self->more[block]);
  free(self->more);
  self->more = NULL;
}
