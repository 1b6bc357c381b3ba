/* Places by name, where there is no /sys: part of config/linux/affinity.c. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* A guest's cores all look the same. So threads (level 1), cores (2) and sockets (3) are single cores, and ll_caches (4) and
   numa_domains (5) are one place that holds them all. At most COUNT places. */
bool gomp_affinity_init_level(int level, unsigned long count, bool quiet) {
  bool single = level <= 3;
  unsigned long usable = gomp_cpusetp ? gomp_cpuset_popcount(gomp_cpuset_size, gomp_cpusetp) : 0;
  unsigned long places = !single ? 1 : count < usable ? count : usable;

  gomp_places_list_len = 0;
  gomp_places_list = gomp_affinity_alloc(places, quiet);
  if (gomp_places_list == NULL)
    return false;
  for (unsigned long core = 0; core < 8 * gomp_cpuset_size; core++) {
    if (!CPU_ISSET_S(core, gomp_cpuset_size, gomp_cpusetp))
      continue;
    if (single || gomp_places_list_len == 0) {
      if (gomp_places_list_len == places)
        break;
      gomp_affinity_init_place(gomp_places_list[gomp_places_list_len++]);
    }
    gomp_affinity_add_cpus(gomp_places_list[gomp_places_list_len - 1], core, 1, 0, quiet);
  }
  return true;
}
