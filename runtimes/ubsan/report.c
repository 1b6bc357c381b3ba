/* The reports of -fsanitize=undefined: one a place, in one write, and what UBSAN_OPTIONS makes of them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <hermit/syscalls.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ubsan.h"

enum { LINE = 2048 };
/* A column that no source has: this place's report was made. */
static const uint32_t REPORTED = UINT32_MAX;

/* The number after NAME= in UBSAN_OPTIONS, whose items are apart by colons, commas or blanks; the last one counts. */
static int option(const char *name, int otherwise) {
  const char *at = getenv("UBSAN_OPTIONS");
  size_t length = strlen(name);
  while (at && *at) {
    if (strncmp(at, name, length) == 0 && at[length] == '=') {
      const char *given = at + length + 1;
      otherwise = *given == 't' || *given == 'y' ? 1 : atoi(given); /* true, yes */
    }
    at += strcspn(at, ":, \t\n");
    at += strspn(at, ":, \t\n");
  }
  return otherwise;
}

int ubsan_claim(struct place *place, struct place *seen) {
  *seen = *place;
  seen->column = __atomic_exchange_n(&place->column, REPORTED, __ATOMIC_RELAXED);
  return seen->column != REPORTED;
}

static int describe(const struct place *place, char *text, size_t size) {
  if (!place->file)
    return snprintf(text, size, "<unknown>: ");
  if (!place->line)
    return snprintf(text, size, "%s: ", place->file);
  if (!place->column)
    return snprintf(text, size, "%s:%u: ", place->file, (unsigned)place->line);
  return snprintf(text, size, "%s:%u:%u: ", place->file, (unsigned)place->line, (unsigned)place->column);
}

/* One write, so that the reports of several threads do not mix. */
static void put(const struct place *place, const char *kind, const char *format, va_list list) {
  char text[LINE];
  size_t length = (size_t)describe(place, text, sizeof text - 256);
  if (length > sizeof text - 256)
    length = sizeof text - 256;
  length += (size_t)snprintf(text + length, sizeof text - length, "%s: ", kind);
  length += (size_t)vsnprintf(text + length, sizeof text - length, format, list);
  if (length > sizeof text - 1)
    length = sizeof text - 1;
  text[length++] = '\n';
  if (write(STDERR_FILENO, text, length) < 0)
    return; /* there is no other place to say it */
}

void ubsan_report(const struct place *seen, const char *format, ...) {
  va_list list;
  va_start(list, format);
  put(seen, "runtime error", format, list);
  va_end(list);
}

void ubsan_note(const struct place *place, const char *format, ...) {
  va_list list;
  if (!place->file)
    return;
  va_start(list, format);
  put(place, "note", format, list);
  va_end(list);
}

void ubsan_done(void) {
  if (option("print_stacktrace", 0))
    sys_backtrace();
  if (option("halt_on_error", 0))
    ubsan_die();
}

void ubsan_die(void) {
  if (option("abort_on_error", 0))
    abort();
  _exit(option("exitcode", 1));
}

const char *ubsan_access(unsigned access) {
  static const char *const words[] = {
      "load of", "store to", "reference binding to", "member access within", "member call on", "constructor call on",
      "downcast of", "downcast of", "upcast of", "cast to virtual base of", "_Nonnull binding to", "dynamic operation on",
  };
  return access < sizeof words / sizeof *words ? words[access] : "use of";
}
