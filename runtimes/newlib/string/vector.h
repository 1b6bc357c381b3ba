/* Bytes looked at 16 or 32 at a time, for the functions that search and compare. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef STRING_VECTOR_H
#define STRING_VECTOR_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include <hermit/syscalls.h>

#define WITH_AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt")))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

enum { PAGE = 4096 };

static inline int has_avx2(void) { return likely(hermit_cpu_features & HERMIT_CPU_AVX2); }

/* The aligned block that s lies in: reading it whole never touches another page. */
static inline const char *align(const void *s, size_t width) { return (const char *)((uintptr_t)s & -width); }

/* Whether `width` bytes at s, or at one of two places, may reach into a next page. For two it is said more often than it
   is so. */
static inline int crosses(const void *s, size_t width) { return unlikely((uintptr_t)s % PAGE > PAGE - width); }

static inline int either_crosses(const void *a, const void *b, size_t width) {
  return unlikely(((uintptr_t)a | (uintptr_t)b) % PAGE > PAGE - width);
}

/* Keeps a vector in its register: the compiler would rather read it from memory twice. */
#define KEEP(x) __asm__("" : "+x"(x))

/* s + n, or the end of the address space if n is only meant as "without limit". */
static inline const char *end_of(const char *s, size_t n) {
  return (uintptr_t)s + n < (uintptr_t)s ? (const char *)UINTPTR_MAX : s + n;
}

/* 1 to 32 bytes, all read before any is written. */
static inline void copy_short(char *to, const char *from, size_t n) {
  if (n >= 16) {
    __m128i first = _mm_loadu_si128((const __m128i *)from), last = _mm_loadu_si128((const __m128i *)(from + n - 16));
    _mm_storeu_si128((__m128i *)to, first);
    _mm_storeu_si128((__m128i *)(to + n - 16), last);
  } else if (n >= 8) {
    uint64_t first, last;
    __builtin_memcpy(&first, from, 8);
    __builtin_memcpy(&last, from + n - 8, 8);
    __builtin_memcpy(to, &first, 8);
    __builtin_memcpy(to + n - 8, &last, 8);
  } else if (n >= 4) {
    uint32_t first, last;
    __builtin_memcpy(&first, from, 4);
    __builtin_memcpy(&last, from + n - 4, 4);
    __builtin_memcpy(to, &first, 4);
    __builtin_memcpy(to + n - 4, &last, 4);
  } else {
    char first = from[0], middle = from[n / 2], last = from[n - 1];
    to[0] = first, to[n / 2] = middle, to[n - 1] = last;
  }
}

#endif
