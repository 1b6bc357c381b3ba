/* What the files about dates share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TIME_DATE_H
#define TIME_DATE_H

#include <time.h>

enum { HOUR = 3600, DAY = 86400, MONTHS = 12, WEEK = 7, YEAR_0 = 1900 };

/* Days from 1970-01-01 to the first of a month (0 to 11). */
long long __hermit_days(long long year, int month);

/* Seconds since 1970 of the date as it is written, whatever its fields are beyond. */
long long __hermit_seconds(const struct tm *date);

/* The date of some seconds since 1970; -1 with EOVERFLOW where its year is none of an int. */
int __hermit_date(long long seconds, struct tm *date);

static inline int is_leap(long long year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

/* What is in force at a moment: seconds east of Greenwich. */
struct zone {
  long east;
  int is_dst;
  const char *name;
};

/* The program's zone at `now`; and both of its halves, for mktime(). Sets tzname and its kind first. */
struct zone __hermit_zone(long long now);
void __hermit_zone_halves(struct zone *standard, struct zone *summer);

#endif
