/* Setting clocks in BSD's ways: the host's clock is not a program's to set. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/time.h>
#include <time.h>

#include "../port/port.h"

int settimeofday(const struct timeval *now, const struct timezone *zone) {
  (void)zone;
  if (now == NULL)
    return 0;
  struct timespec time = {now->tv_sec, now->tv_usec * 1000};
  return clock_settime(CLOCK_REALTIME, &time);
}

int adjtime(const struct timeval *by, struct timeval *rest) {
  if (rest)
    *rest = (struct timeval){0, 0};
  return by == NULL ? 0 : fails(EPERM);
}
