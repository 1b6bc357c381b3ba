/* Waiting for children in the ways that newlib lacks: there are none. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/wait.h>

#include "../port/port.h"

pid_t wait3(int *status, int options, struct rusage *used) {
  (void)status, (void)options, (void)used;
  return fails(ECHILD);
}

pid_t wait4(pid_t child, int *status, int options, struct rusage *used) {
  (void)child, (void)status, (void)options, (void)used;
  return fails(ECHILD);
}

int waitid(idtype_t type, id_t id, siginfo_t *information, int options) {
  (void)type, (void)id, (void)information;
  return fails(options & (WEXITED | WSTOPPED | WCONTINUED) ? ECHILD : EINVAL);
}
