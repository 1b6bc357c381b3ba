/* memchr by whole aligned vectors. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

/* The match in a vector at p whose matches are `found`, unless it lies at or behind the end. */
static void *within(const char *p, uint32_t found, const char *end) {
  const char *match = p + __builtin_ctz(found);
  return match < end ? (void *)match : NULL;
}

/* s + n, or the end of the address space if n is only meant as "without limit". */
static const char *end_of(const char *s, size_t n) {
  return (uintptr_t)s + n < (uintptr_t)s ? (const char *)UINTPTR_MAX : s + n;
}

WITH_AVX2 static void *memchr_wide(const char *s, int byte, const char *end) {
  const __m256i sought = _mm256_set1_epi8((char)byte);
  const char *p = align(s, WIDE);
  uint32_t found = equal32(p, sought) & (UINT32_MAX << (s - p));
  while (!found) {
    p += WIDE;
    if (p >= end)
      return NULL;
    /* four at a time, as long as whole groups are left */
    while ((uintptr_t)p % (4 * WIDE) == 0 && (size_t)(end - p) >= 4 * WIDE &&
           !(equal32(p, sought) | equal32(p + WIDE, sought) | equal32(p + 2 * WIDE, sought) | equal32(p + 3 * WIDE, sought)))
      p += 4 * WIDE;
    if (p >= end)
      return NULL;
    found = equal32(p, sought);
  }
  return within(p, found, end);
}

void *memchr(const void *memory, int byte, size_t n) {
  const char *s = memory, *end = end_of(s, n);
  if (n == 0)
    return NULL;
  if (has_avx2())
    return memchr_wide(s, byte, end);
  const __m128i sought = _mm_set1_epi8((char)byte);
  const char *p = align(s, NARROW);
  uint32_t found = equal16(p, sought) & (UINT32_MAX << (s - p));
  while (!found) {
    p += NARROW;
    if (p >= end)
      return NULL;
    found = equal16(p, sought);
  }
  return within(p, found, end);
}
