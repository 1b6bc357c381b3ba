/* Decimal conversion by a 128-bit approximation of a power of ten: right, or known to be undecided. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* value * 10^k is taken as mantissa * g * 2^s with 10^k = g * 2^s, g cut off to 128 bits. The error is bounded, so
   the rounding is certain unless the fraction lies within the bound of one half; then decimal_exact() decides. */
#include "decimal.h"

typedef unsigned __int128 u128;

enum { STEP = 19, LOWEST = -18, HIGHEST = 18, EXACT_POWERS = 55, ERROR_BOUND = 4 };

/* 10^(19 j) / 2^s for j = -18 ... 18, cut off; s = floor(19 j log2(10)) - 127. */
static const uint64_t coarse[][2] = {
    {0xeef453d6923bd65a, 0x113faa2906a13b3f}, /* 1e-342 */
    {0x818995ce7aa0e1b2, 0x7343efebd1940993}, /* 1e-323 */
    {0x8c71dcd9ba0b4925, 0x9ff0c08b7f1d0b14}, /* 1e-304 */
    {0x9845418c345644d6, 0x830a13896b78aaa9}, /* 1e-285 */
    {0xa5178fff668ae0b6, 0x626e974dbe39a872}, /* 1e-266 */
    {0xb2fe3f0b8599ef07, 0x861fa7e6dcb4aa15}, /* 1e-247 */
    {0xc21094364dfb5636, 0x985915fc12f542e4}, /* 1e-228 */
    {0xd267caa862a12d66, 0xd072df63c324fd7b}, /* 1e-209 */
    {0xe41f3d6a7377eeca, 0x20caba5f1d9e4a93}, /* 1e-190 */
    {0xf7549530e188c128, 0xd12bee59e68ef47c}, /* 1e-171 */
    {0x8613fd0145877585, 0xbd06742ce95f5f36}, /* 1e-152 */
    {0x915e2486ef32cd60, 0x0ace1474dc1d122e}, /* 1e-133 */
    {0x9d9ba7832936edc0, 0xd54b944b84aa4c0d}, /* 1e-114 */
    {0xaae103b5fcd2a881, 0xd652bdc29f26a119}, /* 1e-95 */
    {0xb94470938fa89bce, 0xf808e40e8d5b3e69}, /* 1e-76 */
    {0xc8de047564d20a8b, 0xf245825a5a445275}, /* 1e-57 */
    {0xd9c7dced53c72255, 0x96e7bd358c904a21}, /* 1e-38 */
    {0xec1e4a7db69561a5, 0x2b31e9e3d06c32e5}, /* 1e-19 */
    {0x8000000000000000, 0x0000000000000000}, /* 1e0 */
    {0x8ac7230489e80000, 0x0000000000000000}, /* 1e19 */
    {0x96769950b50d88f4, 0x1314448000000000}, /* 1e38 */
    {0xa321f2d7226895c7, 0xaff72d52192b6a0d}, /* 1e57 */
    {0xb0de65388cc8ada8, 0x3b25a55f43294bcb}, /* 1e76 */
    {0xbfc2ef456ae276e8, 0x9e3fedd8c321a67e}, /* 1e95 */
    {0xcfe87f7cef46ff16, 0xe612641865679a63}, /* 1e114 */
    {0xe16a1dc9d8545e94, 0xf4296dd6fef3d67a}, /* 1e133 */
    {0xf46518c2ef5b8cd1, 0x7eb258665fc25d69}, /* 1e152 */
    {0x847c9b5d7c2e09b7, 0x69956135febada11}, /* 1e171 */
    {0x8fa475791a569d10, 0xf96e017d694487bc}, /* 1e190 */
    {0x9bbcc7a142b17ccb, 0x88a66076400bb691}, /* 1e209 */
    {0xa8d9d1535ce3b396, 0x7f1839a741a14d0d}, /* 1e228 */
    {0xb7118682dbb66a77, 0x3fbc8c33221dc2a1}, /* 1e247 */
    {0xc67bb4597ce2ce48, 0xb143c6053edcd0d5}, /* 1e266 */
    {0xd732290fbacaf133, 0xa97c177947ad4095}, /* 1e285 */
    {0xe950df20247c83fd, 0x47c6b82ef32a2069}, /* 1e304 */
    {0xfcf62c1dee382c42, 0x46729e03dd9ed7b5}, /* 1e323 */
    {0x892179be91d43a43, 0x88083f8943a1148c}, /* 1e342 */
};

static const uint64_t fine[] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

/* floor(n * log2(10)) for |n| < 1651. */
static int log2_of_power(int n) { return (n * 1741647) >> 19; }

int decimal_exponent(struct binary value) {
  /* log2(1 + f) lies between f and f + 0.087, so this is at most one too low */
  int64_t log2 = ((int64_t)(value.exponent + 63) << 16) + (int64_t)((value.mantissa << 1) >> 48);
  /* log10(2) = 20201781.7 / 2^26, taken such that the result is not too high */
  return (int)((log2 * (log2 < 0 ? 20201782 : 20201781)) >> (16 + 26));
}

/* The 128 leading bits of 10^k, at most 3 units too small, exact for k from 0 to 55. */
static u128 power_of_ten(int k) {
  int j = (k + STEP * -LOWEST) / STEP + LOWEST;
  const uint64_t *g = coarse[j - LOWEST];
  uint64_t f = fine[k - j * STEP];
  int zeros = __builtin_clzll(f);
  f <<= zeros;
  u128 low = (u128)g[1] * f, high = (u128)g[0] * f + (low >> 64);
  /* high:low is a product of two normalised numbers: its top bit may be clear */
  return high >> 127 ? high : high << 1 | (low >> 63 & 1);
}

enum verdict { UNDECIDED, DOWN, UP };

/* Compare the fraction rest + below/2^64 with one half; the true one is larger by less than ERROR_BOUND. */
static enum verdict compare(u128 rest, uint64_t below, u128 half, int exact, uint64_t odd) {
  if (rest > half || (rest == half && below))
    return UP;
  if (exact)
    return rest == half ? (odd & 1 ? UP : DOWN) : DOWN;
  return rest + ERROR_BOUND <= half ? DOWN : UNDECIDED;
}

enum outcome { DONE, TOO_BIG, OPEN }; /* too big: possibly beyond 64 bits */

/* *n = value * 10^k, rounded to nearest; *cut is the same, cut off. */
static enum outcome scale(struct binary value, int k, uint64_t *n, uint64_t *cut) {
  u128 g = power_of_ten(k);
  int shift = -(value.exponent + log2_of_power(k) - 127);
  *n = *cut = 0;
  if (shift < 128)
    return TOO_BIG;
  if (shift > 192)
    return DONE; /* less than one half */
  u128 low = (u128)value.mantissa * (uint64_t)g;
  u128 high = (u128)value.mantissa * (uint64_t)(g >> 64) + (low >> 64), rest = high;
  if (shift < 192) {
    *cut = (uint64_t)(high >> (shift - 64));
    rest &= ((u128)1 << (shift - 64)) - 1;
  }
  enum verdict verdict = compare(rest, (uint64_t)low, (u128)1 << (shift - 65), k >= 0 && k <= EXACT_POWERS, *cut);
  *n = *cut + (verdict == UP);
  if (*n < *cut)
    return TOO_BIG;
  return verdict == UNDECIDED ? OPEN : DONE;
}

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657"
    "585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

static int count_digits(uint64_t n) {
  int guess = ((64 - __builtin_clzll(n | 1)) * 1233) >> 12;
  return guess + (n >= fine[guess]); /* guess is at most 19 */
}

/* Write n without trailing zeros; n * 10^-k is its value. */
static void write_digits(uint64_t n, int k, struct digits *out) {
  if (n == 0) {
    *out = (struct digits){out->text, 1, 1};
    out->text[0] = '0';
    return;
  }
  int length = count_digits(n), left = length;
  for (; left >= 2; left -= 2, n /= 100)
    __builtin_memcpy(out->text + left - 2, pairs + n % 100 * 2, 2);
  if (left)
    out->text[0] = (char)('0' + n);
  out->point = length - k;
  while (out->text[length - 1] == '0')
    length--;
  out->length = length;
}

int decimal_fast(struct binary value, struct request want, struct digits *out) {
  uint64_t n, cut;
  int k = want.count;
  /* the exponents of double, whose powers of ten the table holds */
  if (want.rounding != TO_NEAREST || value.exponent > 1023 || value.exponent < -1137)
    return 0;
  if (want.significant) {
    if (want.count > MAX_FAST_DIGITS)
      return 0;
    k = want.count - 1 - decimal_exponent(value);
  } else if (want.count + decimal_exponent(value) >= MAX_FAST_DIGITS) {
    return 0;
  }
  if (k < STEP * LOWEST || k >= STEP * (HIGHEST + 1))
    return 0;
  enum outcome outcome = scale(value, k, &n, &cut);
  if (want.significant && (outcome == TOO_BIG || cut >= fine[want.count]))
    outcome = scale(value, --k, &n, &cut); /* the exponent was one too low */
  if (outcome != DONE)
    return 0;
  write_digits(n, k, out);
  return 1;
}
