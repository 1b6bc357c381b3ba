/* scalbn, scalbnf: x * 2^n for every int n. newlib's add n to the exponent first, which overflows: scalbn(1, INT_MAX) was 0. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdint.h>
#include <string.h>

/* `bits` of the format's fraction, `biased` the exponent that is infinity's; a product with `up`, 2^(bits + 2), makes a subnormal normal,
   one with `down`, its inverse, rounds the result once if that is subnormal. */
#define DEFINE(name, type, word, bits, biased, up, down, huge)                                                         \
  type name(type x, int n) {                                                                                           \
    const word mask = (word)biased << bits;                                                                            \
    word value;                                                                                                        \
    memcpy(&value, &x, sizeof value);                                                                                  \
    int exponent = (int)((value & mask) >> bits);                                                                      \
    if (exponent == biased || x == 0)                                                                                  \
      return x + x;                                                                                                    \
    /* Beyond this the result is infinite or zero, whatever x is. */                                                   \
    n = n > 3 * biased ? 3 * biased : n < -3 * biased ? -3 * biased : n;                                               \
    if (exponent == 0) {                                                                                               \
      x *= up;                                                                                                         \
      memcpy(&value, &x, sizeof value);                                                                                \
      exponent = (int)((value & mask) >> bits) - (bits + 2);                                                           \
    }                                                                                                                  \
    exponent += n;                                                                                                     \
    if (exponent >= biased) {                                                                                          \
      volatile type most = x < 0 ? -huge : huge; /* its square overflows, and says so */                               \
      return most * huge;                                                                                              \
    }                                                                                                                  \
    int small = exponent <= 0;                                                                                         \
    exponent += small ? bits + 2 : 0;                                                                                  \
    if (exponent <= 0) {                                                                                               \
      volatile type least = x < 0 ? -1 / huge : 1 / huge; /* its square underflows, and says so */                     \
      return least * (1 / huge);                                                                                       \
    }                                                                                                                  \
    value = (value & ~mask) | (word)exponent << bits;                                                                  \
    memcpy(&x, &value, sizeof x);                                                                                      \
    return small ? x * down : x;                                                                                       \
  }

DEFINE(scalbn, double, uint64_t, 52, 2047, 0x1p54, 0x1p-54, 0x1p1000)
DEFINE(scalbnf, float, uint32_t, 23, 255, 0x1p25f, 0x1p-25f, 0x1p120f)
