/* Attributes of mutexes: type in bits 0-1, protocol in 4-5, robust in 8, process-shared in 9, ceiling in 16-21; bit 31
   tells one that is in use. pthread_mutex_init makes a mutex from them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "pte.h"

enum { PROTOCOL_SHIFT = 4, PROTOCOL = 3, ROBUST_SHIFT = 8, SHARED_SHIFT = 9, CEILING_SHIFT = 16, CEILING = 63, IN_USE = 1 << 31 };

int pthread_mutexattr_init(pthread_mutexattr_t *attr) {
  attr->__value = IN_USE | 1 << CEILING_SHIFT;
  return 0;
}

static int bad(const pthread_mutexattr_t *attr) { return attr == NULL || !(attr->__value & IN_USE); }

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr) {
  if (bad(attr))
    return EINVAL;
  attr->__value = 0;
  return 0;
}

static int get(const pthread_mutexattr_t *attr, int shift, int mask, int *value) {
  if (bad(attr))
    return EINVAL;
  *value = attr->__value >> shift & mask;
  return 0;
}

static int set(pthread_mutexattr_t *attr, int shift, int mask, int value, int last) {
  if (bad(attr) || value < 0 || value > last)
    return EINVAL;
  attr->__value = (attr->__value & ~(mask << shift)) | value << shift;
  return 0;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *attr, int *type) { return get(attr, 0, MUTEX_TYPE, type); }

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type) {
  return set(attr, 0, MUTEX_TYPE, type, PTHREAD_MUTEX_ADAPTIVE_NP);
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *attr, int *protocol) {
  return get(attr, PROTOCOL_SHIFT, PROTOCOL, protocol);
}

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol) {
  return set(attr, PROTOCOL_SHIFT, PROTOCOL, protocol, PTHREAD_PRIO_PROTECT);
}

int pthread_mutexattr_getrobust(const pthread_mutexattr_t *attr, int *robust) { return get(attr, ROBUST_SHIFT, 1, robust); }

int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust) {
  return set(attr, ROBUST_SHIFT, 1, robust, PTHREAD_MUTEX_ROBUST);
}

int pthread_mutexattr_getrobust_np(const pthread_mutexattr_t *attr, int *robust)
    __attribute__((alias("pthread_mutexattr_getrobust")));
int pthread_mutexattr_setrobust_np(pthread_mutexattr_t *attr, int robust)
    __attribute__((alias("pthread_mutexattr_setrobust")));

/* There is one process, which shares with itself. */
int pthread_mutexattr_getpshared(const pthread_mutexattr_t *attr, int *shared) { return get(attr, SHARED_SHIFT, 1, shared); }

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared) {
  return set(attr, SHARED_SHIFT, 1, shared, PTHREAD_PROCESS_SHARED);
}

int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *attr, int *ceiling) {
  return get(attr, CEILING_SHIFT, CEILING, ceiling);
}

int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int ceiling) {
  return ceiling < 1 ? EINVAL : set(attr, CEILING_SHIFT, CEILING, ceiling, CEILINGS - 1);
}

int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr) {
  int value = attr ? attr->__value : IN_USE, kind = value & MUTEX_TYPE;
  if (!(value & IN_USE))
    return EINVAL;
  memset(mutex, 0, sizeof *mutex);
  if (kind == PTHREAD_MUTEX_ADAPTIVE_NP)
    kind = PTHREAD_MUTEX_NORMAL; /* all are adaptive */
  int protocol = value >> PROTOCOL_SHIFT & PROTOCOL;
  if (protocol == PTHREAD_PRIO_INHERIT)
    kind |= MUTEX_INHERIT;
  if (protocol == PTHREAD_PRIO_PROTECT)
    kind |= MUTEX_PROTECT;
  mutex->__m.__kind = kind | (value & MUTEX_ROBUST);
  mutex->__m.__ceiling = value >> CEILING_SHIFT & CEILING;
  return 0;
}
