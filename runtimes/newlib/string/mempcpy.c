/* mempcpy over memcpy. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

void *mempcpy(void *restrict target, const void *restrict source, size_t n) {
  return (char *)memcpy(target, source, n) + n;
}
