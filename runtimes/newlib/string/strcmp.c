/* strcmp by unaligned vectors; one that would reach into a next page is compared byte by byte. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

static int crosses(const unsigned char *a, const unsigned char *b, size_t width) {
  return (uintptr_t)a % PAGE > PAGE - width || (uintptr_t)b % PAGE > PAGE - width;
}

/* Bit i: the strings differ at i, or end there. A byte of the minimum is 0 in both cases. */
WITH_AVX2 static uint32_t stops32(const unsigned char *a, const unsigned char *b) {
  __m256i x = _mm256_loadu_si256((const __m256i *)a), y = _mm256_loadu_si256((const __m256i *)b);
  __m256i least = _mm256_min_epu8(x, _mm256_cmpeq_epi8(x, y));
  return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(least, _mm256_setzero_si256()));
}

static uint32_t stops16(const unsigned char *a, const unsigned char *b) {
  __m128i x = _mm_loadu_si128((const __m128i *)a), y = _mm_loadu_si128((const __m128i *)b);
  __m128i least = _mm_min_epu8(x, _mm_cmpeq_epi8(x, y));
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(least, _mm_setzero_si128()));
}

/* The same for up to 32 bytes, one by one; 0 if they are equal and the strings go on. */
static uint32_t stops_slowly(const unsigned char *a, const unsigned char *b, int width) {
  for (int i = 0; i < width; i++)
    if (a[i] != b[i] || a[i] == 0)
      return 1u << i;
  return 0;
}

static int order(const unsigned char *a, const unsigned char *b, uint32_t stop) {
  int at = __builtin_ctz(stop);
  return a[at] - b[at];
}

WITH_AVX2 static int compare_wide(const unsigned char *a, const unsigned char *b) {
  for (;; a += WIDE, b += WIDE) {
    uint32_t stop = crosses(a, b, WIDE) ? stops_slowly(a, b, WIDE) : stops32(a, b);
    if (stop)
      return order(a, b, stop);
  }
}

int strcmp(const char *left, const char *right) {
  const unsigned char *a = (const unsigned char *)left, *b = (const unsigned char *)right;
  if (has_avx2())
    return compare_wide(a, b);
  for (;; a += NARROW, b += NARROW) {
    uint32_t stop = crosses(a, b, NARROW) ? stops_slowly(a, b, NARROW) : stops16(a, b);
    if (stop)
      return order(a, b, stop);
  }
}
