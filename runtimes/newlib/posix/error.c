/* GNU's error(): stdout is flushed, the message written to stderr, and the program ended by a status that is not 0. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <error.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

extern char *program_invocation_name;

void (*error_print_progname)(void);
unsigned int error_message_count;
int error_one_per_line;

static void print(int status, int number, const char *file, unsigned int line, const char *format, va_list list) {
  fflush(stdout);
  if (error_print_progname)
    error_print_progname();
  else
    fprintf(stderr, file ? "%s:" : "%s: ", program_invocation_name);
  if (file)
    fprintf(stderr, "%s:%u: ", file, line);
  vfprintf(stderr, format, list);
  if (number)
    fprintf(stderr, ": %s", strerror(number));
  fputc('\n', stderr);
  error_message_count++;
  if (status)
    exit(status);
}

void error(int status, int number, const char *format, ...) {
  va_list list;
  va_start(list, format);
  print(status, number, NULL, 0, format, list);
  va_end(list);
}

void error_at_line(int status, int number, const char *file, unsigned int line, const char *format, ...) {
  static const char *last_file;
  static unsigned int last_line;
  va_list list;
  if (error_one_per_line && line == last_line && last_file && (file == last_file || strcmp(file, last_file) == 0))
    return;
  last_file = file, last_line = line;
  va_start(list, format);
  print(status, number, file, line, format, list);
  va_end(list);
}
