/* err.h: messages on stderr that begin with the program's name. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "port.h"

void vwarnx(const char *format, va_list list) {
  fprintf(stderr, "%s: ", program_invocation_short_name);
  if (format)
    vfprintf(stderr, format, list);
  fputc('\n', stderr);
}

void vwarn(const char *format, va_list list) {
  int error = errno;
  fprintf(stderr, "%s: ", program_invocation_short_name);
  if (format) {
    vfprintf(stderr, format, list);
    fputs(": ", stderr);
  }
  fprintf(stderr, "%s\n", strerror(error));
  errno = error;
}

void verr(int code, const char *format, va_list list) {
  vwarn(format, list);
  exit(code);
}

void verrx(int code, const char *format, va_list list) {
  vwarnx(format, list);
  exit(code);
}

void warn(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vwarn(format, list);
  va_end(list);
}

void warnx(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vwarnx(format, list);
  va_end(list);
}

void err(int code, const char *format, ...) {
  va_list list;
  va_start(list, format);
  verr(code, format, list);
}

void errx(int code, const char *format, ...) {
  va_list list;
  va_start(list, format);
  verrx(code, format, list);
}
