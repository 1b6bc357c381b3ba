/* Dates and seconds: gmtime(), timegm(), localtime() and mktime(), for all years that an int holds. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>

#include "../port/port.h"
#include "date.h"

enum { YEARS_400 = 146097 /* days */, TO_MARCH_0 = 719468 /* days from 0000-03-01 to 1970-01-01 */, THURSDAY = 4 };

/* Years begin in March, so that leap days come last. */
long long __hermit_days(long long year, int month) {
  year -= month < 2;
  long long era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
  int since_march = (month + 10) % MONTHS;
  return era * YEARS_400 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * since_march + 2) / 5 - TO_MARCH_0;
}

long long __hermit_seconds(const struct tm *date) {
  int month = date->tm_mon % MONTHS, years = date->tm_mon / MONTHS;
  if (month < 0)
    month += MONTHS, years--;
  long long day = __hermit_days(YEAR_0 + (long long)date->tm_year + years, month) + date->tm_mday - 1;
  return day * DAY + date->tm_hour * (long long)HOUR + date->tm_min * 60LL + date->tm_sec;
}

int __hermit_date(long long seconds, struct tm *date) {
  long long day = seconds / DAY;
  int rest = (int)(seconds % DAY);
  if (rest < 0)
    rest += DAY, day--;
  long long from_0 = day + TO_MARCH_0, era = (from_0 >= 0 ? from_0 : from_0 - YEARS_400 + 1) / YEARS_400;
  int of_era = (int)(from_0 - era * YEARS_400);
  int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (YEARS_400 - 1)) / 365;
  int of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
  long long whole = year + era * 400 + (month >= 10) - YEAR_0;
  if (whole > INT_MAX || whole < INT_MIN)
    return fails(EOVERFLOW);
  *date = (struct tm){.tm_sec = rest % 60, .tm_min = rest / 60 % 60, .tm_hour = rest / HOUR,
                      .tm_mday = of_year - (153 * month + 2) / 5 + 1, .tm_mon = (month + 2) % MONTHS,
                      .tm_year = (int)whole, .tm_wday = (int)((day % WEEK + WEEK + THURSDAY) % WEEK),
                      .tm_gmtoff = 0, .tm_zone = "UTC"};
  date->tm_yday = (int)(day - __hermit_days(whole + YEAR_0, 0));
  return 0;
}

struct tm *gmtime_r(const time_t *restrict now, struct tm *restrict date) {
  return __hermit_date(*now, date) < 0 ? NULL : date;
}

struct tm *localtime_r(const time_t *restrict now, struct tm *restrict date) {
  struct zone zone = __hermit_zone(*now);
  if (__hermit_date(*now + zone.east, date) < 0)
    return NULL;
  date->tm_isdst = zone.is_dst;
  date->tm_gmtoff = zone.east;
  date->tm_zone = zone.name;
  return date;
}

/* Each thread has an answer of its own. */
struct tm *gmtime(const time_t *now) {
  static __thread struct tm date;
  return gmtime_r(now, &date);
}

struct tm *localtime(const time_t *now) {
  static __thread struct tm date;
  return localtime_r(now, &date);
}

time_t timegm(struct tm *date) {
  time_t now = __hermit_seconds(date);
  return gmtime_r(&now, date) ? now : (time_t)-1;
}

/* Where summer time is not told (-1), the clock's first such moment; in the gap of spring, as standard time has it. */
time_t mktime(struct tm *date) {
  struct zone standard, summer;
  __hermit_zone_halves(&standard, &summer);
  long long local = __hermit_seconds(date);
  time_t now = local - standard.east, early = local - summer.east;
  if (date->tm_isdst > 0 || (date->tm_isdst < 0 && __hermit_zone(early).is_dst))
    now = early;
  return localtime_r(&now, date) ? now : (time_t)-1;
}

time_t timelocal(struct tm *date) { return mktime(date); }
