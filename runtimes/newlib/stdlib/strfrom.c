/* Numbers to text by a format of one conversion (C23's, of TS 18661-1): "%", precision, and one of aefgAEFG. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT = 24 };

/* The format with a length modifier, or NULL where it is not one. */
static const char *prepare(char *to, const char *format, const char *modifier) {
  size_t digits = 1;
  if (format[0] != '%')
    return NULL;
  if (format[1] == '.')
    digits += 1 + strspn(format + 2, "0123456789");
  if (digits + 3 > FORMAT || format[digits] == 0 || !strchr("aefgAEFG", format[digits]) || format[digits + 1])
    return NULL;
  memcpy(to, format, digits);
  strcpy(to + digits, modifier);
  strncat(to, format + digits, 1);
  return to;
}

int strfromd(char *restrict to, size_t size, const char *restrict format, double value) {
  char own[FORMAT];
  const char *known = prepare(own, format, "");
  return known ? snprintf(to, size, known, value) : -1;
}

int strfromf(char *restrict to, size_t size, const char *restrict format, float value) {
  return strfromd(to, size, format, (double)value);
}

int strfroml(char *restrict to, size_t size, const char *restrict format, long double value) {
  char own[FORMAT];
  const char *known = prepare(own, format, "L");
  return known ? snprintf(to, size, known, value) : -1;
}
