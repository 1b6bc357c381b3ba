/* Names of threads. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "pte.h"

int pthread_setname_np(pthread_t id, const char *name) {
  size_t size = strlen(name) + 1;
  if (size > NAME_SIZE)
    return ERANGE;
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  memcpy(thread->name, name, size);
  __pte_found();
  return 0;
}

/* A thread without a name of its own has the program's, as on Linux. */
int pthread_getname_np(pthread_t id, char *name, size_t size) {
  struct pthread *thread = __pte_find(id);
  if (thread == NULL)
    return ESRCH;
  char own[NAME_SIZE] = {0};
  strncpy(own, thread->name[0] ? thread->name : program_invocation_short_name, NAME_SIZE - 1);
  __pte_found();
  if (size < strlen(own) + 1)
    return ERANGE;
  strcpy(name, own);
  return 0;
}
