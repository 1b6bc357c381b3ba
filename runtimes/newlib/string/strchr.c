/* strchr, strchrnul and index by whole aligned vectors. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include <strings.h>

#include "vector.h"

/* Bit i: byte i is the one sought or ends the string. */
WITH_AVX2 static uint32_t stops32(const char *p, __m256i sought) {
  return equal32(p, sought) | equal32(p, _mm256_setzero_si256());
}

static uint32_t stops16(const char *p, __m128i sought) { return equal16(p, sought) | equal16(p, _mm_setzero_si128()); }

WITH_AVX2 static char *find_wide(const char *s, int byte) {
  const __m256i sought = _mm256_set1_epi8((char)byte);
  const char *p = align(s, WIDE);
  uint32_t found = stops32(p, sought) & (UINT32_MAX << (s - p));
  while (!found)
    found = stops32(p += WIDE, sought);
  return (char *)p + __builtin_ctz(found);
}

char *strchrnul(const char *s, int byte) {
  if (has_avx2())
    return find_wide(s, byte);
  const __m128i sought = _mm_set1_epi8((char)byte);
  const char *p = align(s, NARROW);
  uint32_t found = stops16(p, sought) & (UINT32_MAX << (s - p));
  while (!found)
    found = stops16(p += NARROW, sought);
  return (char *)p + __builtin_ctz(found);
}

char *strchr(const char *s, int byte) {
  char *found = strchrnul(s, byte);
  return *found == (char)byte ? found : NULL;
}

char *index(const char *s, int byte) { return strchr(s, byte); }
