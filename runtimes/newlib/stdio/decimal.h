/* Decimal digits of binary floating-point numbers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef STDIO_DECIMAL_H
#define STDIO_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

/* mantissa * 2^exponent; the mantissa's top bit is set. */
struct binary {
  uint64_t mantissa;
  int exponent;
};

enum rounding { TO_NEAREST, TO_ZERO, AWAY };

/* What to print: `count` significant digits, or all digits down to 10^-count. */
struct request {
  int count;
  int significant;
  enum rounding rounding;
};

/* Digits without leading or trailing zeros (a lone "0" if nothing is left), value 0.DIGITS * 10^point. */
struct digits {
  char *text;
  int length;
  int point;
};

enum { MAX_FAST_DIGITS = 18 };

/* Up to 18 digits by one 192-bit product. Returns 0, and leaves `out` alone, where that cannot tell the right
   rounding or more digits are wanted. out->text holds MAX_FAST_DIGITS + 2 bytes. */
int decimal_fast(struct binary value, struct request want, struct digits *out);

/* Any number of digits by exact arithmetic. out->text holds as many bytes as digits are asked for, and two. */
void decimal_exact(struct binary value, struct request want, struct digits *out);

/* floor(log10(value)) or one less. */
int decimal_exponent(struct binary value);

#endif
