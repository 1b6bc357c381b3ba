/* _ldtoa_r and _ldcheck, by which newlib's printf family converts every floating-point number. newlib's own take
   9 us for a double; these know that a double needs no long-double arithmetic. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <reent.h>
#include <stdlib.h>

#include "decimal.h"

/* newlib's mprec.h, which is not installed */
extern struct _Bigint *_Balloc(struct _reent *, int);
extern void _Bfree(struct _reent *, struct _Bigint *);

enum { SMALL = 64, EXPONENT_BIAS = 16383, MANTISSA_BITS = 63, MAX_EXPONENT = 32767, MXCSR_ROUNDING = 13 };

union parts {
  long double value;
  struct {
    uint64_t mantissa;
    uint16_t exponent; /* and sign */
  };
};

static __thread char small[SMALL];

/* 1: not a number, 2: infinite, 0: finite. */
int _ldcheck(long double *value) {
  union parts parts = {.value = *value};
  if ((parts.exponent & MAX_EXPONENT) != MAX_EXPONENT)
    return 0;
  return parts.mantissa << 1 ? 1 : 2;
}

static enum rounding direction(int negative) {
  uint32_t mxcsr;
  __asm__("stmxcsr %0" : "=m"(mxcsr));
  switch (mxcsr >> MXCSR_ROUNDING & 3) {
  case 0:
    return TO_NEAREST;
  case 1:
    return negative ? AWAY : TO_ZERO; /* down */
  case 2:
    return negative ? TO_ZERO : AWAY; /* up */
  default:
    return TO_ZERO;
  }
}

/* Room for `size` bytes: the thread's small buffer, or a block that the next conversion frees. */
static char *room(struct _reent *reent, size_t size) {
  int k = 0;
  _REENT_CHECK_MP(reent);
  struct _Bigint *block = _REENT_MP_RESULT(reent);
  if (block) {
    /* newlib's dtoa, which shares this place, writes its digits over the block's header */
    block->_k = _REENT_MP_RESULT_K(reent);
    block->_maxwds = 1 << block->_k;
    _Bfree(reent, block);
    _REENT_MP_RESULT(reent) = NULL;
  }
  if (size <= SMALL)
    return small;
  while (sizeof block->_x[0] << k < size)
    k++;
  block = _Balloc(reent, k);
  if (block == NULL)
    abort();
  _REENT_MP_RESULT(reent) = block;
  _REENT_MP_RESULT_K(reent) = k;
  return (char *)block->_x;
}

static int split(union parts parts, struct binary *value) {
  int exponent = parts.exponent & MAX_EXPONENT;
  if (parts.mantissa == 0)
    return 0;
  int shift = __builtin_clzll(parts.mantissa); /* denormal numbers only */
  value->mantissa = parts.mantissa << shift;
  value->exponent = (exponent ? exponent : 1) - EXPONENT_BIAS - MANTISSA_BITS - shift;
  return 1;
}

/* Digits of `number`: mode 2 asks for `count` significant ones, mode 3 for those down to 10^-count. *point is set to
   where the decimal point belongs, *negative to the sign, *end to the end of the digits, which lie in the thread's
   storage until the next call. The caller may append zeros up to `count`. */
char *_ldtoa_r(struct _reent *reent, long double number, int mode, int count, int *point, int *negative, char **end) {
  union parts parts = {.value = number};
  struct binary value;
  struct digits out = {.length = 1, .point = 1};
  *negative = parts.exponent >> 15;
  int nonzero = split(parts, &value);
  int whole = nonzero ? decimal_exponent(value) + 2 : 1; /* at most this many digits before the point */
  size_t size = (size_t)(count > 0 ? count : 0) + (mode == 3 && whole > 0 ? (size_t)whole : 0) + 4;
  out.text = room(reent, size < MAX_FAST_DIGITS + 2 ? MAX_FAST_DIGITS + 2 : size);
  struct request want = {.count = mode == 2 && count < 1 ? 1 : count, .significant = mode == 2};
  if (nonzero) {
    want.rounding = direction(*negative);
    if (!decimal_fast(value, want, &out))
      decimal_exact(value, want, &out);
  } else {
    out.text[0] = '0';
  }
  *point = out.point;
  *end = out.text + out.length;
  **end = 0;
  return out.text;
}
