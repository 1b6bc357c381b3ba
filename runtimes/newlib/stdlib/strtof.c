/* strtof(): a double rounded once more would be wrong where it lies between two floats; then the text's figures decide. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

/* The middle of two floats has at most 112 figures; all of them are printed. */
enum { FIGURES = 120, TEXT = FIGURES + 16 };

/* Figures of a number in text: the first that is not 0, and what power of ten it stands for. */
struct figures {
  const char *at;
  long exponent;
};

static int is_figure(char sign) { return sign >= '0' && sign <= '9'; }

/* The next figure, or 0 behind the last one. */
static char next(struct figures *number) {
  if (*number->at == '.')
    number->at++;
  return is_figure(*number->at) ? *number->at++ : '0';
}

static int ended(const struct figures *number) { return !is_figure(*number->at) && *number->at != '.'; }

static struct figures scan(const char *text) {
  struct figures number = {text, 0};
  const char *at = text, *end = text + strspn(text, "0123456789."), *point = memchr(text, '.', (size_t)(end - text));
  long before = point ? point - text : end - text;
  while (at < end && (*at == '0' || *at == '.'))
    at++;
  number.at = at;
  number.exponent = point && at > point ? -(at - point) : before - (at - text) - 1;
  if (*end == 'e' || *end == 'E')
    number.exponent += strtol(end + 1, NULL, 10);
  return number;
}

/* Sign of text minus middle, both without signs. */
static int compare(const char *text, double middle) {
  char own[TEXT];
  snprintf(own, sizeof own, "%.*e", FIGURES, middle);
  struct figures a = scan(text), b = scan(own);
  if (a.exponent != b.exponent)
    return a.exponent < b.exponent ? -1 : 1;
  while (!ended(&a) || !ended(&b)) {
    char left = next(&a), right = next(&b);
    if (left != right)
      return left < right ? -1 : 1;
  }
  return 0;
}

/* The float beside one that is not negative; 2^128 stands for infinity. Floats follow each other as their bits do. */
static float neighbour(double near, int below) {
  float from = near >= 0x1p128 ? INFINITY : (float)near;
  uint32_t bits;
  memcpy(&bits, &from, sizeof bits);
  bits += below ? -1U : 1U;
  memcpy(&from, &bits, sizeof bits);
  return from;
}

/* Where the double is the middle of two floats: that of them which is nearer to the text's number. */
static float decide(const char *text, double value, float rounded) {
  double size = __builtin_fabs(value), near = __builtin_isinf(rounded) ? 0x1p128 : __builtin_fabs((double)rounded);
  float other = neighbour(near, near > size);
  double far = __builtin_isinf(other) ? 0x1p128 : (double)other;
  if ((near + far) / 2 != size)
    return rounded;
  while (isspace((unsigned char)*text) || *text == '+' || *text == '-')
    text++;
  int order;
  if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
    long double exact = strtold(text, NULL);
    order = exact < size ? -1 : exact > size;
  } else {
    order = compare(text, size);
  }
  if (order == 0)
    return rounded;
  double right = (order < 0) == (near < far) ? near : far;
  return __builtin_copysignf(right >= 0x1p128 ? INFINITY : (float)right, rounded);
}

float strtof(const char *restrict text, char **restrict end) {
  double value = strtod(text, end);
  float rounded = (float)value;
  if (__builtin_isnan(value) || __builtin_isinf(value) || (double)rounded == value)
    return rounded;
  rounded = decide(text, value, rounded);
  if (__builtin_isinf(rounded) || (__builtin_fabsf(rounded) < FLT_MIN && (double)rounded != value))
    errno = ERANGE;
  return rounded;
}

float strtof_l(const char *restrict text, char **restrict end, locale_t locale) {
  (void)locale;
  return strtof(text, end);
}
