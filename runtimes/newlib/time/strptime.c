/* strptime(): text to a date by a format; what follows from other fields (day of the week, of the year) is worked out. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <strings.h>

#include "../port/port.h"
#include "date.h"

enum { NONE = -1 };

/* What was read and makes other fields together with others; NONE: not read. */
struct found {
  int century, in_century, afternoon, has_date, has_year_day, week, week_kind;
};

static const char *parse(const char *text, const char *format, struct tm *date, struct found *found);

/* A number of at most `digits` figures between low and high. */
static const char *number(const char *text, int digits, int low, int high, int *value) {
  int sum = 0, count = 0;
  while (isspace((unsigned char)*text))
    text++;
  for (; count < digits && isdigit((unsigned char)*text); count++)
    sum = sum * 10 + *text++ - '0';
  if (count == 0 || sum < low || sum > high)
    return NULL;
  *value = sum;
  return text;
}

/* One of `count` names from `whole` on, or of their short forms. */
static const char *name(const char *text, nl_item whole, nl_item brief, int count, int *value) {
  for (int form = 0; form < 2; form++)
    for (int i = 0; i < count; i++) {
      const char *known = nl_langinfo((form ? brief : whole) + i);
      size_t length = strlen(known);
      if (length && strncasecmp(text, known, length) == 0) {
        *value = i;
        return text + length;
      }
    }
  return NULL;
}

/* +hh, +hhmm, +hh:mm or Z. */
static const char *offset(const char *text, struct tm *date) {
  int hours, minutes = 0, sign = *text == '-' ? -1 : 1;
  while (isspace((unsigned char)*text))
    text++;
  if (*text == 'Z') {
    date->tm_gmtoff = 0;
    return text + 1;
  }
  if ((*text != '+' && *text != '-') || !isdigit((unsigned char)text[1]))
    return NULL;
  sign = *text == '-' ? -1 : 1;
  if ((text = number(text + 1, 2, 0, 24, &hours)) == NULL)
    return NULL;
  if (*text == ':' || isdigit((unsigned char)*text))
    if ((text = number(text + (*text == ':'), 2, 0, 59, &minutes)) == NULL)
      return NULL;
  date->tm_gmtoff = sign * (hours * (long)HOUR + minutes * 60L);
  return text;
}

static const char *epoch(const char *text, struct tm *date) {
  long long seconds = 0, sign = *text == '-' ? -1 : 1;
  text += *text == '-';
  if (!isdigit((unsigned char)*text))
    return NULL;
  while (isdigit((unsigned char)*text))
    if (__builtin_mul_overflow(seconds, 10, &seconds) || __builtin_add_overflow(seconds, *text++ - '0', &seconds))
      return NULL;
  time_t now = sign * seconds;
  return localtime_r(&now, date) ? text : NULL;
}

static const char *zone_name(const char *text, struct tm *date) {
  tzset();
  for (int i = 0; i < 2; i++) {
    size_t length = strlen(_tzname[i]);
    if (strncmp(text, _tzname[i], length) == 0) {
      date->tm_isdst = i && strcmp(_tzname[0], _tzname[1]) != 0;
      return text + length;
    }
  }
  if (strncmp(text, "UTC", 3) == 0 || strncmp(text, "GMT", 3) == 0)
    return date->tm_isdst = 0, text + 3;
  return NULL;
}

/* %Y: four figures and more, of either sign. */
static const char *year(const char *text, struct tm *date) {
  int sign = *text == '-' ? -1 : 1, value;
  text += *text == '-' || *text == '+';
  if ((text = number(text, 4, 0, 9999, &value)) != NULL)
    date->tm_year = sign * value - YEAR_0;
  return text;
}

static const char *day_part(const char *text, char sign, struct tm *date, struct found *found) {
  int value;
  switch (sign) {
  case 'H':
  case 'k':
    return number(text, 2, 0, 23, &date->tm_hour);
  case 'I':
  case 'l':
    if ((text = number(text, 2, 1, 12, &value)) != NULL)
      date->tm_hour = value % 12;
    return text;
  case 'M':
    return number(text, 2, 0, 59, &date->tm_min);
  case 'S':
    return number(text, 2, 0, 60, &date->tm_sec);
  case 'p':
  case 'P':
    return name(text, AM_STR, AM_STR, 2, &found->afternoon);
  case 'R':
    return parse(text, "%H:%M", date, found);
  case 'T':
  case 'X':
    return parse(text, "%H:%M:%S", date, found);
  case 'r':
    return parse(text, "%I:%M:%S %p", date, found);
  case 's':
    return epoch(text, date);
  case 'z':
    return offset(text, date);
  case 'Z':
    return zone_name(text, date);
  default:
    return NULL;
  }
}

static const char *date_part(const char *text, char sign, struct tm *date, struct found *found) {
  int value;
  switch (sign) {
  case 'a':
  case 'A':
    return name(text, DAY_1, ABDAY_1, WEEK, &date->tm_wday);
  case 'b':
  case 'B':
  case 'h':
    found->has_date |= 2;
    return name(text, MON_1, ABMON_1, MONTHS, &date->tm_mon);
  case 'C':
    return number(text, 2, 0, 99, &found->century);
  case 'y':
    return number(text, 2, 0, 99, &found->in_century);
  case 'Y':
    found->has_date |= 4;
    found->century = found->in_century = NONE;
    return year(text, date);
  case 'd':
  case 'e':
    found->has_date |= 1;
    return number(text, 2, 1, 31, &date->tm_mday);
  case 'm':
    found->has_date |= 2;
    if ((text = number(text, 2, 1, MONTHS, &value)) != NULL)
      date->tm_mon = value - 1;
    return text;
  case 'j':
    found->has_year_day = 1;
    if ((text = number(text, 3, 1, 366, &value)) != NULL)
      date->tm_yday = value - 1;
    return text;
  case 'u':
    if ((text = number(text, 1, 1, WEEK, &value)) != NULL)
      date->tm_wday = value % WEEK;
    return text;
  case 'w':
    return number(text, 1, 0, WEEK - 1, &date->tm_wday);
  case 'U':
  case 'W':
    found->week_kind = sign;
    return number(text, 2, 0, 53, &found->week);
  case 'V':
    return number(text, 2, 1, 53, &value);
  case 'g':
    return number(text, 2, 0, 99, &value);
  case 'G':
    return number(text, 4, 0, 9999, &value);
  case 'c':
    return parse(text, "%a %b %e %H:%M:%S %Y", date, found);
  case 'D':
  case 'x':
    return parse(text, "%m/%d/%y", date, found);
  case 'F':
    return parse(text, "%Y-%m-%d", date, found);
  default:
    return day_part(text, sign, date, found);
  }
}

static const char *parse(const char *text, const char *format, struct tm *date, struct found *found) {
  for (; *format && text; format++) {
    if (isspace((unsigned char)*format)) {
      while (isspace((unsigned char)*text))
        text++;
      continue;
    }
    if (*format != '%') {
      if (*text++ != *format)
        return NULL;
      continue;
    }
    format++;
    format += strspn(format, "_-0^#"); /* GNU's flags and widths say nothing to a reader */
    if ((*format == 'E' || *format == 'O') && format[1])
      format++;
    if (*format == 'n' || *format == 't')
      while (isspace((unsigned char)*text))
        text++;
    else if (*format == '%')
      text = *text == '%' ? text + 1 : NULL;
    else if (*format == 0)
      return NULL;
    else
      text = date_part(text, *format, date, found);
  }
  return text;
}

static void week_date(struct tm *date, const struct found *found) {
  int monday = found->week_kind == 'W';
  int first = (int)((__hermit_days(date->tm_year + (long long)YEAR_0, 0) + 4) % WEEK + WEEK) % WEEK;
  int start = (WEEK - first + monday) % WEEK; /* the first Sunday or Monday of the year */
  date->tm_yday = start + (found->week - 1) * WEEK + (date->tm_wday + WEEK - monday) % WEEK;
}

static void complete(struct tm *date, struct found *found) {
  if (found->in_century != NONE || found->century != NONE) {
    int in = found->in_century != NONE ? found->in_century : (date->tm_year + YEAR_0) % 100;
    date->tm_year = found->century != NONE ? found->century * 100 + in - YEAR_0 : in < 69 ? in + 100 : in;
    found->has_date |= 4;
  }
  if (found->afternoon != NONE && date->tm_hour >= 0 && date->tm_hour <= 12)
    date->tm_hour = date->tm_hour % 12 + found->afternoon * 12;
  if (found->has_date & 4 && found->week_kind && date->tm_wday >= 0 && !(found->has_date & 3) && !found->has_year_day) {
    week_date(date, found);
    found->has_year_day = 1;
  }
  struct tm whole = {.tm_year = date->tm_year, .tm_mon = date->tm_mon, .tm_mday = date->tm_mday};
  if (found->has_date & 4 && found->has_year_day && !(found->has_date & 3))
    whole.tm_mon = 0, whole.tm_mday = date->tm_yday + 1;
  else if (found->has_date != 7)
    return;
  if (__hermit_date(__hermit_seconds(&whole), &whole) == 0) {
    date->tm_mon = whole.tm_mon, date->tm_mday = whole.tm_mday, date->tm_year = whole.tm_year;
    date->tm_wday = whole.tm_wday, date->tm_yday = whole.tm_yday;
  }
}

char *strptime(const char *restrict text, const char *restrict format, struct tm *restrict date) {
  struct found found = {.century = NONE, .in_century = NONE, .afternoon = NONE};
  text = parse(text, format, date, &found);
  if (text)
    complete(date, &found);
  return (char *)text;
}

char *strptime_l(const char *restrict text, const char *restrict format, struct tm *restrict date, locale_t locale) {
  (void)locale;
  return strptime(text, format, date);
}
