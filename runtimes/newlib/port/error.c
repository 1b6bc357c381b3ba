/* The text of an error number that has none; newlib's own is empty. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "port.h"

extern char *_user_strerror(int number, int internal, int *error);

char *_user_strerror(int number, int internal, int *error) {
  static __thread char text[32];
  (void)internal;
  *error = EINVAL;
  snprintf(text, sizeof text, "Unknown error %d", number);
  return text;
}
