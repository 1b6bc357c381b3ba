/* Attributes of read-write locks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "pte.h"

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr) {
  attr->__r.__kind = PTHREAD_RWLOCK_DEFAULT_NP;
  attr->__r.__pshared = PTHREAD_PROCESS_PRIVATE;
  return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr) {
  attr->__r.__kind = -1;
  return 0;
}

int pthread_rwlockattr_getkind_np(const pthread_rwlockattr_t *attr, int *kind) {
  *kind = attr->__r.__kind;
  return 0;
}

int pthread_rwlockattr_setkind_np(pthread_rwlockattr_t *attr, int kind) {
  if (kind < PTHREAD_RWLOCK_PREFER_READER_NP || kind > PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
    return EINVAL;
  attr->__r.__kind = kind;
  return 0;
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *attr, int *shared) {
  *shared = attr->__r.__pshared;
  return 0;
}

/* There is one process, which shares with itself. */
int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int shared) {
  if (shared != PTHREAD_PROCESS_PRIVATE && shared != PTHREAD_PROCESS_SHARED)
    return EINVAL;
  attr->__r.__pshared = shared;
  return 0;
}
