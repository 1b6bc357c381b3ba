/* strfmon(): amounts of money. In the locales there are, none has a currency: figures and signs remain. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <locale.h>
#include <monetary.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

enum { AMOUNT = 400 /* the largest double, and what is around it */, UNKNOWN = 127 /* CHAR_MAX */ };

struct form {
  char fill;
  int left_justified, parentheses, no_symbol, width, left, right;
};

static const char *number(const char *at, int *value) {
  for (*value = 0; *at >= '0' && *at <= '9' && *value < AMOUNT; at++)
    *value = *value * 10 + *at - '0';
  return at;
}

/* What stands between % and the conversion; NULL where it is wrong. */
static const char *parse(const char *at, struct form *form) {
  *form = (struct form){.fill = ' ', .left = -1, .right = -1};
  for (;; at++) {
    if (*at == '=' && at[1])
      form->fill = *++at;
    else if (*at == '(')
      form->parentheses = 1;
    else if (*at == '!')
      form->no_symbol = 1;
    else if (*at == '-')
      form->left_justified = 1;
    else if (*at != '^' && *at != '+')
      break;
  }
  at = number(at, &form->width);
  if (*at == '#')
    at = number(at + 1, &form->left);
  if (*at == '.')
    at = number(at + 1, &form->right);
  return *at == 'n' || *at == 'i' || *at == '%' ? at : NULL;
}

static int amount(char *text, size_t size, const struct form *form, double value) {
  const struct lconv *local = localeconv();
  char figures[AMOUNT], padding[AMOUNT] = "";
  int negative = value < 0, right = form->right >= 0 ? form->right : local->frac_digits == UNKNOWN ? 2 : local->frac_digits;
  snprintf(figures, sizeof figures, "%.*f", right, negative ? -value : value);
  int digits = (int)strcspn(figures, ".");
  if (form->left > digits)
    memset(padding, form->fill, (size_t)(form->left - digits)), padding[form->left - digits] = 0;
  /* with a fixed number of figures, positive amounts line up with negative ones */
  const char *before = negative ? (form->parentheses ? "(" : "-") : form->left >= 0 ? " " : "";
  const char *after = form->parentheses && negative ? ")" : form->parentheses && form->left >= 0 ? " " : "";
  return snprintf(text, size, "%s%s%s%s", before, padding, figures, after);
}

static ssize_t format_all(char *to, size_t size, const char *format, va_list list) {
  char *at = to, *end = to + size;
  for (; *format; format++) {
    char text[2 * AMOUNT] = {*format, 0};
    int length = 1;
    if (*format == '%') {
      struct form form;
      format = parse(format + 1, &form);
      if (format == NULL)
        return fails(EINVAL);
      if (*format != '%')
        length = amount(text, sizeof text, &form, va_arg(list, double));
      int pad = form.width - length;
      if (pad > 0 && pad < (int)sizeof text - length) {
        if (!form.left_justified)
          memmove(text + pad, text, (size_t)length);
        memset(text + (form.left_justified ? length : 0), ' ', (size_t)pad);
        length += pad;
      }
    }
    if (length >= end - at)
      return fails(E2BIG);
    memcpy(at, text, (size_t)length);
    at += length;
  }
  if (at == end)
    return fails(E2BIG);
  *at = 0;
  return at - to;
}

ssize_t strfmon(char *restrict to, size_t size, const char *restrict format, ...) {
  va_list list;
  va_start(list, format);
  ssize_t length = format_all(to, size, format, list);
  va_end(list);
  return length;
}

ssize_t strfmon_l(char *restrict to, size_t size, locale_t locale, const char *restrict format, ...) {
  va_list list;
  (void)locale;
  va_start(list, format);
  ssize_t length = format_all(to, size, format, list);
  va_end(list);
  return length;
}
