/* The cores that threads may run on, and sets of cores. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "pte.h"

int pthread_setaffinity_np(pthread_t id, size_t size, const cpu_set_t *set) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  int error = -sys_affinity_set(thread->tid, set->__bits, size / sizeof *set->__bits);
  __pte_found();
  return error;
}

int pthread_getaffinity_np(pthread_t id, size_t size, cpu_set_t *set) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  memset(set, 0, size);
  int error = -sys_affinity_get(thread->tid, set->__bits, size / sizeof *set->__bits);
  __pte_found();
  return error;
}

int pthread_attr_setaffinity_np(pthread_attr_t *attr, size_t size, const cpu_set_t *set) {
  struct __pthread_affinity *made = NULL;
  if (__pte_attr_error(attr))
    return EINVAL;
  if (set && size) {
    size_t words = (size + sizeof(uint64_t) - 1) / sizeof(uint64_t);
    made = calloc(1, sizeof *made + words * sizeof(uint64_t));
    if (made == NULL)
      return ENOMEM;
    made->words = words;
    memcpy(made->mask, set, size);
  }
  free(attr->__a.__affinity);
  attr->__a.__affinity = made;
  return 0;
}

int pthread_attr_getaffinity_np(const pthread_attr_t *attr, size_t size, cpu_set_t *set) {
  if (__pte_attr_error(attr))
    return EINVAL;
  const struct __pthread_affinity *affinity = attr->__a.__affinity;
  if (affinity == NULL) { /* every core */
    memset(set, 0xff, size);
    return 0;
  }
  size_t have = affinity->words * sizeof(uint64_t), copied = size < have ? size : have;
  for (size_t i = copied; i < have; i++)
    if (((const char *)affinity->mask)[i])
      return EINVAL;
  memset(set, 0, size);
  memcpy(set, affinity->mask, copied);
  return 0;
}

cpu_set_t *__cpuset_alloc(int cpus) { return calloc(1, CPU_ALLOC_SIZE((size_t)cpus)); }

void __cpuset_free(cpu_set_t *set) { free(set); }

int __cpuset_count(size_t size, const cpu_set_t *set) {
  int count = 0;
  for (size_t i = 0; i < size / sizeof *set->__bits; i++)
    count += __builtin_popcountl(set->__bits[i]);
  return count;
}
