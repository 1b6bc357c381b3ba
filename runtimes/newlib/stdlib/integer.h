/* strtol() and its kind over bytes or wide characters: CHARACTER, IS_SPACE and a name come from who includes this. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>

#include "../port/port.h"

/* A figure's value, or 36 and more. */
static unsigned NAME(digit)(CHARACTER sign) {
  if (sign >= '0' && sign <= '9')
    return (unsigned)sign - '0';
  if (sign >= 'a' && sign <= 'z')
    return (unsigned)sign - 'a' + 10;
  return sign >= 'A' && sign <= 'Z' ? (unsigned)sign - 'A' + 10 : 99;
}

/* The absolute value; *negative and *over tell of its sign and of what did not fit. */
static unsigned long NAME(magnitude)(const CHARACTER *text, CHARACTER **end, int base, int *negative, int *over) {
  const CHARACTER *at = text;
  unsigned long sum = 0;
  *negative = *over = 0;
  if (end)
    *end = (CHARACTER *)text;
  if (base < 0 || base == 1 || base > 36) {
    errno = EINVAL;
    return 0;
  }
  while (IS_SPACE(*at))
    at++;
  if (*at == '-' || *at == '+')
    *negative = *at++ == '-';
  if ((base == 0 || base == 16) && at[0] == '0' && (at[1] == 'x' || at[1] == 'X') && NAME(digit)(at[2]) < 16)
    at += 2, base = 16;
  if (base == 0)
    base = *at == '0' ? 8 : 10;
  if (NAME(digit)(*at) >= (unsigned)base)
    return 0;
  for (; NAME(digit)(*at) < (unsigned)base; at++)
    if (__builtin_mul_overflow(sum, (unsigned long)base, &sum) || __builtin_add_overflow(sum, NAME(digit)(*at), &sum))
      *over = 1;
  if (end)
    *end = (CHARACTER *)at;
  return sum;
}

static long NAME(whole)(const CHARACTER *text, CHARACTER **end, int base) {
  int negative, over;
  unsigned long value = NAME(magnitude)(text, end, base, &negative, &over), limit = (unsigned long)LONG_MAX + (unsigned long)negative;
  if (over || value > limit) {
    errno = ERANGE;
    return negative ? LONG_MIN : LONG_MAX;
  }
  return (long)(negative ? -value : value);
}

static unsigned long NAME(natural)(const CHARACTER *text, CHARACTER **end, int base) {
  int negative, over;
  unsigned long value = NAME(magnitude)(text, end, base, &negative, &over);
  if (over) {
    errno = ERANGE;
    return ULONG_MAX;
  }
  return negative ? -value : value;
}

/* The functions that programs call: as they are, with newlib's state, and with a locale, which changes nothing. */
#define CONVERTS(type, name, how) \
  type name(const CHARACTER *restrict text, CHARACTER **restrict end, int base) { return (type)NAME(how)(text, end, base); }
#define WITH_STATE(type, name, how) \
  type name(struct _reent *reent, const CHARACTER *restrict text, CHARACTER **restrict end, int base) { \
    (void)reent; \
    return (type)NAME(how)(text, end, base); \
  }
#define WITH_LOCALE(type, name, how) \
  type name(const CHARACTER *restrict text, CHARACTER **restrict end, int base, locale_t locale) { \
    (void)locale; \
    return (type)NAME(how)(text, end, base); \
  }
