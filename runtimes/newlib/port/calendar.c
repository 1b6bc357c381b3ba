/* C11's clock, and ftime. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/timeb.h>
#include <time.h>

#include "port.h"

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
