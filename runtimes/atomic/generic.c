/* Atomic operations on objects of any size: without a lock where a size and place allow it, else under one. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "atomic.h"
#include <fenv.h>
#include <float.h>
#include <pthread.h>
#include <string.h>

#define NAMED(name) __asm__(#name)

/* An object's operations all name its first byte, so one lock by its address is enough. */
enum { LOCKS = 64, LINE = 64 };
static pthread_mutex_t locks[LOCKS];

static pthread_mutex_t *lock_of(const volatile void *object)
{
  pthread_mutex_t *lock = &locks[(uintptr_t)object / LINE % LOCKS];
  pthread_mutex_lock(lock);
  return lock;
}

/* The size of operation that does it without a lock; 0: none. */
static size_t fitting(size_t size, const volatile void *object)
{
  return size && size <= 16 && (size & (size - 1)) == 0 && (uintptr_t)object % size == 0 ? size : 0;
}

#define EACH(CASE) CASE(1, uint8_t) CASE(2, uint16_t) CASE(4, uint32_t) CASE(8, uint64_t)

void at_load(size_t, const volatile void *, void *, int) NAMED(__atomic_load);
void at_load(size_t size, const volatile void *object, void *result, int order)
{
  (void)order;
  switch (fitting(size, object)) {
#define CASE(N, T) \
  case N: { \
    const T value = __atomic_load_n((const T *)object, __ATOMIC_SEQ_CST); \
    memcpy(result, &value, N); \
    return; \
  }
    EACH(CASE)
#undef CASE
  case 16: {
    const sixteen value = read_16((const sixteen *)object);
    memcpy(result, &value, 16);
    return;
  }
  }
  pthread_mutex_t *lock = lock_of(object);
  memcpy(result, (const void *)object, size);
  pthread_mutex_unlock(lock);
}

void at_exchange(size_t, volatile void *, void *, void *, int) NAMED(__atomic_exchange);
void at_exchange(size_t size, volatile void *object, void *value, void *result, int order)
{
  (void)order;
  switch (fitting(size, object)) {
#define CASE(N, T) \
  case N: { \
    T given; \
    memcpy(&given, value, N); \
    given = __atomic_exchange_n((T *)object, given, __ATOMIC_SEQ_CST); \
    memcpy(result, &given, N); \
    return; \
  }
    EACH(CASE)
#undef CASE
  case 16: {
    sixteen given;
    memcpy(&given, value, 16);
    given = exchange_16((sixteen *)object, given);
    memcpy(result, &given, 16);
    return;
  }
  }
  pthread_mutex_t *lock = lock_of(object);
  char bytes[size]; /* value and result may be one */
  memcpy(bytes, (void *)object, size);
  memcpy((void *)object, value, size);
  memcpy(result, bytes, size);
  pthread_mutex_unlock(lock);
}

void at_store(size_t, volatile void *, void *, int) NAMED(__atomic_store);
void at_store(size_t size, volatile void *object, void *value, int order)
{
  if (fitting(size, object)) {
    char old[16];
    at_exchange(size, object, value, old, order);
    return;
  }
  pthread_mutex_t *lock = lock_of(object);
  memcpy((void *)object, value, size);
  pthread_mutex_unlock(lock);
}

_Bool at_compare_exchange(size_t, volatile void *, void *, void *, int, int) NAMED(__atomic_compare_exchange);
_Bool at_compare_exchange(size_t size, volatile void *object, void *expected, void *value, int order, int failing)
{
  (void)order, (void)failing;
  switch (fitting(size, object)) {
#define CASE(N, T) \
  case N: { \
    T wanted, given; \
    memcpy(&wanted, expected, N); \
    memcpy(&given, value, N); \
    const _Bool done = \
        __atomic_compare_exchange_n((T *)object, &wanted, given, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); \
    memcpy(expected, &wanted, N); \
    return done; \
  }
    EACH(CASE)
#undef CASE
  case 16: {
    sixteen wanted, given;
    memcpy(&wanted, expected, 16);
    memcpy(&given, value, 16);
    const _Bool done = compare_exchange_16((sixteen *)object, &wanted, given);
    memcpy(expected, &wanted, 16);
    return done;
  }
  }
  pthread_mutex_t *lock = lock_of(object);
  const _Bool done = memcmp((void *)object, expected, size) == 0;
  if (done)
    memcpy((void *)object, value, size);
  else
    memcpy(expected, (void *)object, size);
  pthread_mutex_unlock(lock);
  return done;
}

/* A size of 16 counts, as with gcc's own library on such CPUs. No object: one that is aligned as its size asks. */
_Bool at_is_lock_free(size_t, const volatile void *) NAMED(__atomic_is_lock_free);
_Bool at_is_lock_free(size_t size, const volatile void *object) { return fitting(size, object) != 0; }

/* For `_Atomic double x; x += y`, whose tries that fail must raise nothing. By arithmetic: feraiseexcept() is libm's, which
   a program need not link. */
void at_feraiseexcept(int) NAMED(__atomic_feraiseexcept);
void at_feraiseexcept(int exceptions) {
  volatile double zero = 0, one = 1, least = DBL_MIN, most = DBL_MAX, result;
  if (exceptions & FE_INVALID)
    result = zero / zero;
  if (exceptions & FE_DIVBYZERO)
    result = one / zero;
  if (exceptions & FE_OVERFLOW)
    result = most * most;
  if (exceptions & FE_UNDERFLOW)
    result = least * least;
  if (exceptions & FE_INEXACT)
    result = one / 3;
  (void)result;
}
