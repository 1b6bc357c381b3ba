/* strlen by whole aligned vectors. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

WITH_AVX2 static size_t strlen_wide(const char *s) {
  const __m256i zero = _mm256_setzero_si256();
  const char *p = align(s, WIDE);
  uint32_t found = equal32(p, zero) >> (s - p);
  if (found)
    return (size_t)__builtin_ctz(found);
  for (p += WIDE; (uintptr_t)p % (4 * WIDE); p += WIDE)
    if ((found = equal32(p, zero)))
      return (size_t)(p - s) + (size_t)__builtin_ctz(found);
  for (;; p += 4 * WIDE) {
    const __m256i *v = (const __m256i *)p;
    __m256i low = _mm256_min_epu8(_mm256_load_si256(v), _mm256_load_si256(v + 1));
    __m256i high = _mm256_min_epu8(_mm256_load_si256(v + 2), _mm256_load_si256(v + 3));
    if (_mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_min_epu8(low, high), zero)))
      break;
  }
  while (!(found = equal32(p, zero)))
    p += WIDE;
  return (size_t)(p - s) + (size_t)__builtin_ctz(found);
}

size_t strlen(const char *s) {
  const __m128i zero = _mm_setzero_si128();
  if (has_avx2())
    return strlen_wide(s);
  const char *p = align(s, NARROW);
  uint32_t found = equal16(p, zero) >> (s - p);
  if (found)
    return (size_t)__builtin_ctz(found);
  do
    found = equal16(p += NARROW, zero);
  while (!found);
  return (size_t)(p - s) + (size_t)__builtin_ctz(found);
}
