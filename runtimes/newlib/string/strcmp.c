/* strcmp by unaligned vectors; one that would reach into a next page is compared byte by byte. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "vector.h"

static int crosses(const char *p) { return (uintptr_t)p % PAGE > PAGE - NARROW; }

int strcmp(const char *left, const char *right) {
  const __m128i zero = _mm_setzero_si128();
  const unsigned char *a = (const unsigned char *)left, *b = (const unsigned char *)right;
  for (;; a += NARROW, b += NARROW) {
    if (crosses((const char *)a) || crosses((const char *)b)) {
      for (int i = 0; i < NARROW; i++)
        if (a[i] != b[i] || a[i] == 0)
          return a[i] - b[i];
      continue;
    }
    __m128i x = _mm_loadu_si128((const __m128i *)a), y = _mm_loadu_si128((const __m128i *)b);
    /* a byte of the minimum is 0 where both differ or the string ends */
    __m128i same = _mm_min_epu8(x, _mm_cmpeq_epi8(x, y));
    uint32_t stop = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(same, zero));
    if (stop) {
      int at = __builtin_ctz(stop);
      return a[at] - b[at];
    }
  }
}
