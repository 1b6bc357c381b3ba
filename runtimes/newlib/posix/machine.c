/* Linux's and BSD's questions about the machine: cores, memory, load, what Linux hands over beside argv. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "../port/port.h"

int get_nprocs(void) { return (int)sysconf(_SC_NPROCESSORS_ONLN); }

int get_nprocs_conf(void) { return (int)sysconf(_SC_NPROCESSORS_CONF); }

long get_phys_pages(void) { return sysconf(_SC_PHYS_PAGES); }

long get_avphys_pages(void) { return sysconf(_SC_AVPHYS_PAGES); }

int sysinfo(struct sysinfo *information) {
  struct timespec up;
  clock_gettime(CLOCK_MONOTONIC, &up);
  *information = (struct sysinfo){.uptime = up.tv_sec, .totalram = sys_memory_total(), .freeram = sys_memory_free(),
                                  .procs = 1, .mem_unit = 1};
  return 0;
}

/* Nobody counts runnable threads over minutes. */
int getloadavg(double *loads, int count) {
  (void)loads, (void)count;
  return -1;
}

unsigned long getauxval(unsigned long type) {
  switch (type) {
  case AT_PAGESZ:
    return (unsigned long)sys_getpagesize();
  case AT_CLKTCK:
    return (unsigned long)sysconf(_SC_CLK_TCK);
  case AT_UID:
  case AT_EUID:
  case AT_GID:
  case AT_EGID:
  case AT_SECURE:
    return 0;
  default:
    errno = ENOENT;
    return 0;
  }
}
