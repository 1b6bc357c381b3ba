/* The atomic operations that gcc calls by name where it does not make code of them: those of 16 bytes first of all. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* Names and arguments are those of gcc's libatomic (gcc.gnu.org/wiki/Atomic/GCCMM/LIbrary). Orders are taken as the
   strongest: on x86-64 a locked instruction has no other. The functions get their names by asm labels, because gcc
   knows the names themselves as built-in. */
#include "atomic.h"

#define NAMED(name) __asm__(#name)

#define LOAD_AND_STORE(N, T, READ, WRITE) \
  T at_load_##N(const volatile void *, int) NAMED(__atomic_load_##N); \
  T at_load_##N(const volatile void *object, int order) \
  { \
    (void)order; \
    return READ((T *)object); \
  } \
  void at_store_##N(volatile void *, T, int) NAMED(__atomic_store_##N); \
  void at_store_##N(volatile void *object, T value, int order) \
  { \
    (void)order; \
    WRITE((T *)object, value); \
  }

#define EXCHANGE(N, T, SWAP, CAS) \
  T at_exchange_##N(volatile void *, T, int) NAMED(__atomic_exchange_##N); \
  T at_exchange_##N(volatile void *object, T value, int order) \
  { \
    (void)order; \
    return SWAP((T *)object, value); \
  } \
  _Bool at_compare_exchange_##N(volatile void *, void *, T, int, int) NAMED(__atomic_compare_exchange_##N); \
  _Bool at_compare_exchange_##N(volatile void *object, void *expected, T value, int order, int failing) \
  { \
    (void)order, (void)failing; \
    return CAS((T *)object, (T *)expected, value); \
  }

/* fetch_ gives the old value, _fetch the new one. */
#define FETCH(N, T, CAS, NAME, RESULT) \
  static T update_##NAME##_##N(T *object, T value, T *old) \
  { \
    T now = at_load_##N(object, 0); \
    for (;;) { \
      const T result = RESULT; \
      if (CAS(object, &now, result)) { \
        *old = now; \
        return result; \
      } \
    } \
  } \
  T at_fetch_##NAME##_##N(volatile void *, T, int) NAMED(__atomic_fetch_##NAME##_##N); \
  T at_fetch_##NAME##_##N(volatile void *object, T value, int order) \
  { \
    T old; \
    (void)order; \
    update_##NAME##_##N((T *)object, value, &old); \
    return old; \
  } \
  T at_##NAME##_fetch_##N(volatile void *, T, int) NAMED(__atomic_##NAME##_fetch_##N); \
  T at_##NAME##_fetch_##N(volatile void *object, T value, int order) \
  { \
    T old; \
    (void)order; \
    return update_##NAME##_##N((T *)object, value, &old); \
  }

#define EVERY(N, T, READ, WRITE, SWAP, CAS) \
  LOAD_AND_STORE(N, T, READ, WRITE) \
  EXCHANGE(N, T, SWAP, CAS) \
  FETCH(N, T, CAS, add, now + value) \
  FETCH(N, T, CAS, sub, now - value) \
  FETCH(N, T, CAS, and, now & value) \
  FETCH(N, T, CAS, or, now | value) \
  FETCH(N, T, CAS, xor, now ^ value) \
  FETCH(N, T, CAS, nand, ~(now & value)) \
  _Bool at_test_and_set_##N(volatile void *, int) NAMED(__atomic_test_and_set_##N); \
  _Bool at_test_and_set_##N(volatile void *object, int order) \
  { \
    (void)order; \
    return __atomic_test_and_set(object, __ATOMIC_SEQ_CST); \
  }

#define READ_INLINE(object) __atomic_load_n(object, __ATOMIC_SEQ_CST)
#define WRITE_INLINE(object, value) __atomic_store_n(object, value, __ATOMIC_SEQ_CST)
#define SWAP_INLINE(object, value) __atomic_exchange_n(object, value, __ATOMIC_SEQ_CST)
#define CAS_INLINE(object, expected, value) \
  __atomic_compare_exchange_n(object, expected, value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)

EVERY(1, uint8_t, READ_INLINE, WRITE_INLINE, SWAP_INLINE, CAS_INLINE)
EVERY(2, uint16_t, READ_INLINE, WRITE_INLINE, SWAP_INLINE, CAS_INLINE)
EVERY(4, uint32_t, READ_INLINE, WRITE_INLINE, SWAP_INLINE, CAS_INLINE)
EVERY(8, uint64_t, READ_INLINE, WRITE_INLINE, SWAP_INLINE, CAS_INLINE)
EVERY(16, sixteen, read_16, write_16, exchange_16, compare_exchange_16)
