/* strcat. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

char *strcat(char *restrict to, const char *restrict s) {
  strcpy(to + strlen(to), s);
  return to;
}
