/* getdate(): the first template of the file that DATEMSK names which fits the text. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "../port/port.h"

enum { NO_VARIABLE = 1, NO_FILE, NO_STATUS, NO_REGULAR, NO_READ, NO_MEMORY, NO_TEMPLATE, INVALID };

int *__getdate_err(void) {
  static int number;
  return &number;
}

/* What the template left open is taken from now, as POSIX tells. */
static int complete(struct tm *date) {
  struct tm now;
  time_t seconds = time(NULL);
  if (localtime_r(&seconds, &now) == NULL)
    return INVALID;
  int no_day = date->tm_mon == INT_MIN && date->tm_year == INT_MIN && date->tm_mday == INT_MIN, no_hour = date->tm_hour == INT_MIN;
  if (no_hour)
    date->tm_hour = now.tm_hour, date->tm_min = now.tm_min, date->tm_sec = now.tm_sec;
  if (date->tm_min == INT_MIN)
    date->tm_min = 0;
  if (date->tm_sec == INT_MIN)
    date->tm_sec = 0;
  if (no_day && date->tm_wday != INT_MIN) {
    date->tm_mday = now.tm_mday + (date->tm_wday - now.tm_wday + 7) % 7;
    date->tm_mon = now.tm_mon, date->tm_year = now.tm_year;
  } else if (no_day) {
    date->tm_mday = now.tm_mday + (!no_hour && date->tm_hour < now.tm_hour);
    date->tm_mon = now.tm_mon, date->tm_year = now.tm_year;
  }
  if (date->tm_year == INT_MIN)
    date->tm_year = now.tm_year + (date->tm_mon != INT_MIN && date->tm_mon < now.tm_mon);
  if (date->tm_mon == INT_MIN)
    date->tm_mon = now.tm_mon;
  if (date->tm_mday == INT_MIN)
    date->tm_mday = 1;
  struct tm wanted = *date;
  date->tm_isdst = -1;
  if (mktime(date) == (time_t)-1 || (!no_day && date->tm_mday != wanted.tm_mday))
    return INVALID;
  return 0;
}

int getdate_r(const char *text, struct tm *date) {
  const char *path = getenv("DATEMSK");
  struct stat status;
  if (path == NULL || *path == 0)
    return NO_VARIABLE;
  FILE *templates = fopen(path, "r");
  if (templates == NULL)
    return NO_FILE;
  int error = fstat(fileno(templates), &status) < 0 ? NO_STATUS : S_ISREG(status.st_mode) ? NO_TEMPLATE : NO_REGULAR;
  char *line = NULL;
  size_t size = 0;
  while (error == NO_TEMPLATE && getline(&line, &size, templates) >= 0) {
    line[strcspn(line, "\n")] = 0;
    *date = (struct tm){INT_MIN, INT_MIN, INT_MIN, INT_MIN, INT_MIN, INT_MIN, INT_MIN, INT_MIN, -1, 0, NULL};
    const char *end = strptime(text, line, date);
    if (end && *(end + strspn(end, " \t\n")) == 0)
      error = complete(date);
  }
  if (error == NO_TEMPLATE && ferror(templates))
    error = NO_READ;
  free(line);
  fclose(templates);
  return error;
}

struct tm *getdate(const char *text) {
  static struct tm date;
  int error = getdate_r(text, &date);
  if (error)
    getdate_err = error;
  return error ? NULL : &date;
}
