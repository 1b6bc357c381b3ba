/* Cores and memory of the machine. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_SYSINFO_H
#define _SYS_SYSINFO_H

#include <sys/cdefs.h>

#define SI_LOAD_SHIFT 16

struct sysinfo {
  long uptime; /* seconds */
  unsigned long loads[3];
  unsigned long totalram, freeram, sharedram, bufferram, totalswap, freeswap;
  unsigned short procs;
  unsigned long totalhigh, freehigh;
  unsigned int mem_unit;
};

__BEGIN_DECLS
int sysinfo(struct sysinfo *);
int get_nprocs(void);
int get_nprocs_conf(void);
long get_phys_pages(void);
long get_avphys_pages(void);
__END_DECLS

#endif
