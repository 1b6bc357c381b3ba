/* The working folder in BSD's older way. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "../port/port.h"

char *getwd(char *to) {
  char path[PATH_MAX];
  return getcwd(path, sizeof path) ? strcpy(to, path) : NULL;
}
