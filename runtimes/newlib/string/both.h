/* Compiles a source again for each width: as NAME(function)s for AVX2's vectors of 32 bytes, and for SSE2's of 16. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* The source names itself as BODY and includes this; where VECTOR is defined stands what is compiled twice. MASK has a
   bit for every byte whose top bit is set, ZEROS one for every byte that is 0. */
#include "vector.h"

#define ZEROS(x) MASK(EQUAL(x, ZERO))

#define VECTOR __m256i
#define WIDTH 32
#define FULL UINT32_MAX
#define NAME(function) function##_wide
#define TARGET WITH_AVX2
#define SPLAT(byte) _mm256_set1_epi8((char)(byte))
#define ZERO _mm256_setzero_si256()
#define LOAD(p) _mm256_load_si256((const __m256i *)(p))
#define LOADU(p) _mm256_loadu_si256((const __m256i *)(p))
#define STOREU(p, x) _mm256_storeu_si256((__m256i *)(p), x)
#define EQUAL(x, y) _mm256_cmpeq_epi8(x, y)
#define GREATER(x, y) _mm256_cmpgt_epi8(x, y)
#define LEAST(x, y) _mm256_min_epu8(x, y)
#define ADD(x, y) _mm256_add_epi8(x, y)
#define AND(x, y) _mm256_and_si256(x, y)
#define OR(x, y) _mm256_or_si256(x, y)
#define WITHOUT(x, y) _mm256_andnot_si256(y, x)
#define XOR(x, y) _mm256_xor_si256(x, y)
#define MASK(x) (uint32_t)_mm256_movemask_epi8(x)
#include BODY

#undef VECTOR
#undef WIDTH
#undef FULL
#undef NAME
#undef TARGET
#undef SPLAT
#undef ZERO
#undef LOAD
#undef LOADU
#undef STOREU
#undef EQUAL
#undef GREATER
#undef LEAST
#undef ADD
#undef AND
#undef OR
#undef WITHOUT
#undef XOR
#undef MASK

#define VECTOR __m128i
#define WIDTH 16
#define FULL 0xffffu
#define NAME(function) function##_narrow
#define TARGET
#define SPLAT(byte) _mm_set1_epi8((char)(byte))
#define ZERO _mm_setzero_si128()
#define LOAD(p) _mm_load_si128((const __m128i *)(p))
#define LOADU(p) _mm_loadu_si128((const __m128i *)(p))
#define STOREU(p, x) _mm_storeu_si128((__m128i *)(p), x)
#define EQUAL(x, y) _mm_cmpeq_epi8(x, y)
#define GREATER(x, y) _mm_cmpgt_epi8(x, y)
#define LEAST(x, y) _mm_min_epu8(x, y)
#define ADD(x, y) _mm_add_epi8(x, y)
#define AND(x, y) _mm_and_si128(x, y)
#define OR(x, y) _mm_or_si128(x, y)
#define WITHOUT(x, y) _mm_andnot_si128(y, x)
#define XOR(x, y) _mm_xor_si128(x, y)
#define MASK(x) (uint32_t)_mm_movemask_epi8(x)
#include BODY
