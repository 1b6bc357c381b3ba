/* Bytes compared 16 or 32 at a time, for the functions that search and compare. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef STRING_VECTOR_H
#define STRING_VECTOR_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

#include <hermit/syscalls.h>

#define WITH_AVX2 __attribute__((target("avx2,bmi")))

enum { WIDE = 32, NARROW = 16, PAGE = 4096 };

static inline int has_avx2(void) { return hermit_cpu_features & HERMIT_CPU_AVX2; }

/* The aligned vector that s lies in: reading it whole never touches another page. */
static inline const char *align(const void *s, size_t width) { return (const char *)((uintptr_t)s & -width); }

/* Bit i of the result: byte i of the aligned vector at p equals the one sought. */
static inline uint32_t equal16(const char *p, __m128i sought) {
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_load_si128((const __m128i *)p), sought));
}

WITH_AVX2 static inline uint32_t equal32(const char *p, __m256i sought) {
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_load_si256((const __m256i *)p), sought));
}

/* Bit i: bytes i of the unaligned vectors at a and b differ. */
static inline uint32_t differ16(const void *a, const void *b) {
  __m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)a), _mm_loadu_si128((const __m128i *)b));
  return (uint32_t)_mm_movemask_epi8(same) ^ 0xffff;
}

WITH_AVX2 static inline uint32_t differ32(const void *a, const void *b) {
  __m256i same = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)a), _mm256_loadu_si256((const __m256i *)b));
  return ~(uint32_t)_mm256_movemask_epi8(same);
}

#endif
