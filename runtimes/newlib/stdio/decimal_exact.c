/* Decimal conversion by exact arithmetic in base 10^9: for long double, many digits, ties, directed rounding. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "decimal.h"

#include <string.h>

/* A long double has at most 4933 digits before the point and 16445 behind it. */
enum { BASE = 1000000000, BASE_DIGITS = 9, BELOW_POINT = 16445 / BASE_DIGITS + 2, ABOVE_POINT = 4933 / BASE_DIGITS + 3 };
enum { UP_BITS = 29, DOWN_BITS = 9 }; /* 10^9 is a multiple of 2^9; a word times 2^29 and a carry fit 64 bits */

/* Words first ... last, most significant first; words[ABOVE_POINT] are the first nine digits behind the point. */
struct number {
  uint32_t words[ABOVE_POINT + BELOW_POINT];
  int first, last;
};

static void set(struct number *number, uint64_t mantissa) {
  int at = number->last = ABOVE_POINT - 1;
  for (; mantissa; mantissa /= BASE)
    number->words[at--] = (uint32_t)(mantissa % BASE);
  number->first = at + 1;
}

static void multiply(struct number *number, int exponent) {
  while (exponent > 0) {
    int bits = exponent < UP_BITS ? exponent : UP_BITS;
    uint64_t carry = 0;
    for (int i = number->last; i >= number->first; i--) {
      carry += (uint64_t)number->words[i] << bits;
      number->words[i] = (uint32_t)(carry % BASE);
      carry /= BASE;
    }
    if (carry)
      number->words[--number->first] = (uint32_t)carry;
    exponent -= bits;
  }
}

static void divide(struct number *number, int exponent) {
  while (exponent > 0) {
    int bits = exponent < DOWN_BITS ? exponent : DOWN_BITS;
    uint32_t carry = 0, mask = (1u << bits) - 1;
    for (int i = number->first; i <= number->last; i++) {
      uint32_t word = number->words[i];
      number->words[i] = (word >> bits) + carry;
      carry = (uint32_t)(BASE >> bits) * (word & mask);
    }
    if (carry)
      number->words[++number->last] = carry;
    while (number->words[number->first] == 0)
      number->first++;
    exponent -= bits;
  }
}

/* Digit `index` counted from the first word's first digit, leading zeros included. */
static int digit_at(const struct number *number, int index) {
  uint32_t word = number->words[number->first + index / BASE_DIGITS];
  for (int i = index % BASE_DIGITS; i < BASE_DIGITS - 1; i++)
    word /= 10;
  return (int)(word % 10);
}

static int zero_from(const struct number *number, int index, int total) {
  for (; index < total && index % BASE_DIGITS; index++)
    if (digit_at(number, index))
      return 0;
  for (int word = number->first + index / BASE_DIGITS; index < total && word <= number->last; word++)
    if (number->words[word])
      return 0;
  return 1;
}

/* Whether the digits kept before `index` grow by one. `odd` tells of the last of them. */
static int rounds_up(const struct number *number, int index, int total, int odd, enum rounding rounding) {
  if (index >= total || rounding == TO_ZERO)
    return 0;
  if (rounding == AWAY)
    return !zero_from(number, index, total);
  int digit = digit_at(number, index);
  if (digit != 5)
    return digit > 5;
  return odd || !zero_from(number, index + 1, total);
}

/* Add one to the last digit; a carry out of the first gives "1" and moves the point. */
static void increment(struct digits *out) {
  int i = out->length - 1;
  while (i >= 0 && out->text[i] == '9')
    i--;
  if (i < 0) {
    out->text[0] = '1';
    out->length = 1;
    out->point++;
    return;
  }
  out->text[i]++;
  out->length = i + 1;
}

static void copy_digits(const struct number *number, int from, int count, char *text) {
  for (int i = 0; i < count;) {
    int index = from + i, inside = index % BASE_DIGITS;
    uint32_t word = number->words[number->first + index / BASE_DIGITS];
    char nine[BASE_DIGITS];
    for (int j = BASE_DIGITS - 1; j >= 0; j--, word /= 10)
      nine[j] = (char)('0' + word % 10);
    int some = BASE_DIGITS - inside < count - i ? BASE_DIGITS - inside : count - i;
    memcpy(text + i, nine + inside, (size_t)some);
    i += some;
  }
}

void decimal_exact(struct binary value, struct request want, struct digits *out) {
  struct number number;
  set(&number, value.mantissa);
  if (value.exponent > 0)
    multiply(&number, value.exponent);
  else
    divide(&number, -value.exponent);
  int total = (number.last - number.first + 1) * BASE_DIGITS, start = 0;
  while (digit_at(&number, start) == 0)
    start++;
  out->point = (ABOVE_POINT - number.first) * BASE_DIGITS - start;
  /* digits kept, counted from the first that is not 0; none or less where all lie below the last place */
  int keep = want.significant ? want.count : out->point + want.count;
  if (keep > total - start)
    keep = total - start;
  out->length = keep > 0 ? keep : 0;
  copy_digits(&number, start, out->length, out->text);
  if (keep < 0) {
    /* the whole number is less than a tenth of the last place */
    if (want.rounding != AWAY)
      goto nothing;
    out->point += -keep;
    increment(out);
  } else if (rounds_up(&number, start + keep, total, keep > 0 && (out->text[keep - 1] & 1), want.rounding)) {
    increment(out);
  }
  while (out->length > 1 && out->text[out->length - 1] == '0')
    out->length--;
  if (out->length > 0)
    return;
nothing:
  out->text[0] = '0';
  out->length = out->point = 1;
}
