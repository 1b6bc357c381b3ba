/* Dates in UTC to seconds, C11's clock, and ftime. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/timeb.h>
#include <time.h>

#include "port.h"

enum { MONTHS = 12, YEARS_400 = 146097 /* days */, DAY = 86400 /* seconds */ };

/* Days from 1970-01-01 to the first of a month; years begin in March, so that leap days come last. */
static long long days(long long year, int month) {
  year -= month < 2;
  long long era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
  int since_march = (month + 10) % MONTHS;
  return era * YEARS_400 + of_era * 365 + of_era / 4 - of_era / 100 + (153 * since_march + 2) / 5 - 719468;
}

time_t timegm(struct tm *date) {
  int month = date->tm_mon % MONTHS, years = date->tm_mon / MONTHS;
  if (month < 0)
    month += MONTHS, years--;
  long long day = days(1900LL + date->tm_year + years, month) + date->tm_mday - 1;
  time_t time = day * DAY + date->tm_hour * 3600LL + date->tm_min * 60LL + date->tm_sec;
  return gmtime_r(&time, date) ? time : (time_t)-1;
}

time_t timelocal(struct tm *date) { return mktime(date); }

int timespec_get(struct timespec *now, int base) {
  return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

int ftime(struct timeb *now) {
  struct timespec time;
  if (clock_gettime(CLOCK_REALTIME, &time) < 0)
    return -1;
  *now = (struct timeb){.time = time.tv_sec, .millitm = (unsigned short)(time.tv_nsec / 1000000)};
  return 0;
}
