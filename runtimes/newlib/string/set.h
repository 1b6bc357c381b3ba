/* The searches of strspn and strcspn: up to four bytes by comparing, more by a table. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* Included by both.h's BODY, which defines WANTED: 1 searches the first byte that is in the set, 0 the first that is not;
   the string's end is found by both. */

/* The set's bytes, some of them twice. */
struct NAME(few) {
  VECTOR a, b, c, d;
};

#undef FIND
#undef SOUGHT
#define FIND NAME(find_few)
#define SOUGHT struct NAME(few)
#if WANTED
#define KEY(x, few)                                                                                                     \
  LEAST(LEAST(LEAST(x, XOR(x, few.a)), LEAST(XOR(x, few.b), XOR(x, few.c))), XOR(x, few.d))
#else
#define KEY(x, few) OR(OR(EQUAL(x, few.a), EQUAL(x, few.b)), OR(EQUAL(x, few.c), EQUAL(x, few.d)))
#endif
#include "find.h"
#undef KEY

TARGET static inline const char *NAME(among_few)(const char *s, const char *set, size_t n) {
  struct NAME(few) few = {SPLAT(set[0]), SPLAT(set[n > 1]), SPLAT(set[n > 2 ? 2 : 0]), SPLAT(set[n - 1])};
  return NAME(find_few)(s, few);
}

#if WIDTH == 32
/* Bit h % 8 of low[l] or, for h >= 8, of high[l]: byte 16 h + l is in the set. A shuffle looks up all bytes of a vector
   at once; its result is 0 where the index has its top bit set. */
struct table {
  __m256i low, high;
};

WITH_AVX2 static inline __m256i members(__m256i x, struct table table) {
  const __m256i bits = _mm256_set1_epi64x((long long)0x8040201008040201);
  __m256i row = _mm256_or_si256(_mm256_shuffle_epi8(table.low, x),
                                _mm256_shuffle_epi8(table.high, _mm256_xor_si256(x, _mm256_set1_epi8((char)0x80))));
  __m256i high_digit = _mm256_and_si256(_mm256_srli_epi16(x, 4), _mm256_set1_epi8(7));
  return _mm256_and_si256(row, _mm256_shuffle_epi8(bits, high_digit));
}

#undef FIND
#undef SOUGHT
#define FIND find_many
#define SOUGHT struct table
#if WANTED
#define KEY(x, table) EQUAL(members(x, table), ZERO)
#undef ZEROS
#define ZEROS(x) (~MASK(x))
#undef LEAST
#define LEAST(x, y) _mm256_and_si256(x, y)
#else
#define KEY(x, table) members(x, table)
#endif
#include "find.h"
#undef KEY
#if WANTED
#undef ZEROS
#define ZEROS(x) MASK(EQUAL(x, ZERO))
#endif

WITH_AVX2 static __attribute__((noinline)) const char *among_many_wide(const char *s, const char *set) {
  unsigned char rows[2][16] = {{0}};
  for (const unsigned char *p = (const unsigned char *)set; *p; p++)
    rows[*p >> 7][*p & 15] |= (unsigned char)(1 << (*p >> 4 & 7));
  if (WANTED)
    rows[0][0] |= 1; /* the end */
  struct table table = {_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)rows[0])),
                        _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)rows[1]))};
  return find_many(s, table);
}
#else
static __attribute__((noinline)) const char *among_many_narrow(const char *s, const char *set) {
  unsigned char member[256] = {0};
  for (const unsigned char *p = (const unsigned char *)set; *p; p++)
    member[*p] = 1;
  member[0] = WANTED;
  while (member[(unsigned char)*s] != WANTED)
    s++;
  return s;
}
#endif

/* The first byte of s that is (WANTED) or is not in the set, or its end. */
TARGET static const char *NAME(among)(const char *s, const char *set) {
  if (set[0] == 0)
    return WANTED ? rawmemchr(s, 0) : s;
  size_t n = 1;
  while (n < 5 && set[n])
    n++;
  return n < 5 ? NAME(among_few)(s, set, n) : NAME(among_many)(s, set);
}
