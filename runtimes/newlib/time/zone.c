/* The time zone of the environment's TZ, in POSIX' form: names, offsets, and when summer time begins and ends. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"
#include "date.h"

enum { NAME = 16, TEXT = 128, LAST_WEEK = 5, HOURS_MAX = 167 };

/* When summer time begins or ends: day `day` of the year (1 to 365 without leap days, or 0 to 365), or of a month's week. */
struct rule {
  enum { JULIAN, DAY_OF_YEAR, WEEKDAY } kind;
  int month, week, day;
  long time; /* seconds from midnight, of the clock as it was before */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char text[TEXT]; /* TZ as it was read */
static int known, has_summer;
static char names[2][NAME] = {"UTC", "UTC"};
static long east[2];
static struct rule rules[2];

extern long _timezone;
extern int _daylight;

static const char *read_name(const char *at, char *name) {
  int quoted = *at == '<', length = 0;
  at += quoted;
  while (quoted ? isalnum((unsigned char)*at) || *at == '+' || *at == '-' : isalpha((unsigned char)*at)) {
    if (length == NAME - 1)
      return NULL;
    name[length++] = *at++;
  }
  name[length] = 0;
  if (length < 3 || (quoted && *at++ != '>'))
    return NULL;
  return at;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static const char *read_time(const char *at, long *seconds) {
  long part[3] = {0}, sign = *at == '-' ? -1 : 1;
  at += *at == '-' || *at == '+';
  for (int i = 0; i < 3; i++) {
    if (!isdigit((unsigned char)*at))
      return NULL;
    while (isdigit((unsigned char)*at) && part[i] <= HOURS_MAX)
      part[i] = part[i] * 10 + *at++ - '0';
    if (*at != ':')
      break;
    at++;
  }
  if (part[0] > HOURS_MAX || part[1] > 59 || part[2] > 59)
    return NULL;
  *seconds = sign * (part[0] * HOUR + part[1] * 60 + part[2]);
  return at;
}

static const char *read_number(const char *at, int low, int high, int *value) {
  if (!isdigit((unsigned char)*at))
    return NULL;
  for (*value = 0; isdigit((unsigned char)*at) && *value <= high; at++)
    *value = *value * 10 + *at - '0';
  return *value < low || *value > high ? NULL : at;
}

static const char *read_rule(const char *at, struct rule *rule) {
  *rule = (struct rule){.time = 2 * HOUR};
  if (*at++ != ',')
    return NULL;
  if (*at == 'M') {
    rule->kind = WEEKDAY;
    if ((at = read_number(at + 1, 1, MONTHS, &rule->month)) == NULL || *at++ != '.' ||
        (at = read_number(at, 1, LAST_WEEK, &rule->week)) == NULL || *at++ != '.' ||
        (at = read_number(at, 0, WEEK - 1, &rule->day)) == NULL)
      return NULL;
  } else {
    rule->kind = *at == 'J' ? JULIAN : DAY_OF_YEAR;
    at += *at == 'J';
    if ((at = read_number(at, rule->kind == JULIAN, 365, &rule->day)) == NULL)
      return NULL;
  }
  return *at == '/' ? read_time(at + 1, &rule->time) : at;
}

/* Without rules, those of the United States hold, as in other C libraries. */
static int read_zone(const char *at) {
  long offset;
  has_summer = 0;
  if ((at = read_name(at, names[0])) == NULL || (at = read_time(at, &offset)) == NULL)
    return 0;
  east[0] = east[1] = -offset;
  strcpy(names[1], names[0]);
  if (*at == 0)
    return 1;
  if ((at = read_name(at, names[1])) == NULL)
    return 0;
  east[1] += HOUR;
  if (*at && *at != ',') {
    if ((at = read_time(at, &offset)) == NULL)
      return 0;
    east[1] = -offset;
  }
  if (*at == 0)
    at = ",M3.2.0,M11.1.0";
  if ((at = read_rule(at, &rules[0])) == NULL || (at = read_rule(at, &rules[1])) == NULL || *at)
    return 0;
  return has_summer = 1;
}

/* UTC where TZ is not set, empty, or names a file: there are no files of zones. */
static void refresh(void) {
  const char *now = getenv("TZ");
  if (now == NULL)
    now = "";
  if (known && strcmp(now, text) == 0)
    return;
  known = strlcpy(text, now, sizeof text) < sizeof text;
  if (!known || !read_zone(now + (*now == ':'))) {
    strcpy(names[0], "UTC");
    strcpy(names[1], "UTC");
    east[0] = east[1] = 0;
    has_summer = 0;
  }
  _tzname[0] = names[0];
  _tzname[1] = names[1];
  _timezone = -east[0];
  _daylight = has_summer;
}

/* The moment in a year at which a rule takes hold, where `before` is the offset until then. */
static long long moment(const struct rule *rule, long long year, long before) {
  long long day = __hermit_days(year, 0);
  if (rule->kind == JULIAN) {
    day += rule->day - 1 + (is_leap(year) && rule->day > 59);
  } else if (rule->kind == DAY_OF_YEAR) {
    day += rule->day;
  } else {
    long long first = __hermit_days(year, rule->month - 1), weekday = ((first + 4) % WEEK + WEEK) % WEEK;
    long long end = rule->month == MONTHS ? __hermit_days(year + 1, 0) : __hermit_days(year, rule->month);
    day = first + (rule->day - weekday + WEEK) % WEEK + (rule->week - 1) * WEEK;
    while (day >= end)
      day -= WEEK;
  }
  return day * DAY + rule->time - before;
}

static struct zone half(int summer) { return (struct zone){east[summer], summer, names[summer]}; }

struct zone __hermit_zone(long long now) {
  struct tm date;
  pthread_mutex_lock(&lock);
  refresh();
  int summer = 0;
  if (has_summer && __hermit_date(now + east[0], &date) == 0) {
    long long year = date.tm_year + (long long)YEAR_0;
    long long begin = moment(&rules[0], year, east[0]), end = moment(&rules[1], year, east[1]);
    summer = begin < end ? now >= begin && now < end : now >= begin || now < end;
  }
  struct zone zone = half(summer);
  pthread_mutex_unlock(&lock);
  return zone;
}

void __hermit_zone_halves(struct zone *standard, struct zone *summer) {
  pthread_mutex_lock(&lock);
  refresh();
  *standard = half(0);
  *summer = half(has_summer);
  pthread_mutex_unlock(&lock);
}

void tzset(void) {
  pthread_mutex_lock(&lock);
  refresh();
  pthread_mutex_unlock(&lock);
}

/* newlib's names of it. */
extern void _tzset_unlocked(void);
extern void _tzset_unlocked_r(struct _reent *reent);

void _tzset_unlocked(void) { tzset(); }

void _tzset_unlocked_r(struct _reent *reent) {
  (void)reent;
  tzset();
}

void _tzset_r(struct _reent *reent) {
  (void)reent;
  tzset();
}
