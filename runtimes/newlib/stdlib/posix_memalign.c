/* posix_memalign: memalign whose error is its result. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>

int posix_memalign(void **place, size_t alignment, size_t size) {
  if (alignment < sizeof(void *) || (alignment & (alignment - 1)))
    return EINVAL;
  int before = errno;
  void *memory = memalign(alignment, size);
  errno = before; /* the error is the result alone */
  if (memory == NULL)
    return ENOMEM;
  *place = memory;
  return 0;
}
