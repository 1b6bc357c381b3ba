/* The system's log: a line on stderr for each message. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "../port/port.h"

enum { LINE = 1024, ALL = 0xff };

extern char *program_invocation_short_name;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char name[64];
static int with_pid, mask = ALL;

void openlog(const char *identity, int options, int facility) {
  (void)facility;
  pthread_mutex_lock(&lock);
  strlcpy(name, identity ? identity : "", sizeof name);
  with_pid = options & LOG_PID;
  pthread_mutex_unlock(&lock);
}

void closelog(void) { openlog(NULL, 0, 0); }

int setlogmask(int new) { return new ? __atomic_exchange_n(&mask, new, __ATOMIC_RELAXED) : mask; }

/* One write(), so that lines of several threads stay whole. */
void vsyslog(int priority, const char *format, va_list list) {
  int error = errno;
  if (!(mask & LOG_MASK(LOG_PRI(priority))))
    return;
  char line[LINE], *end = line + sizeof line - 1, *at = line;
  pthread_mutex_lock(&lock);
  at += snprintf(at, (size_t)(end - at), "%s", name[0] ? name : program_invocation_short_name);
  if (with_pid)
    at += snprintf(at, (size_t)(end - at), "[%d]", (int)getpid());
  pthread_mutex_unlock(&lock);
  at += snprintf(at, (size_t)(end - at), ": ");
  errno = error; /* for %m */
  int length = vsnprintf(at, (size_t)(end - at), format, list);
  at = length < 0 ? at : length < end - at ? at + length : end - 1;
  if (at[-1] != '\n')
    *at++ = '\n';
  (void)!write(STDERR_FILENO, line, (size_t)(at - line));
  errno = error;
}

void syslog(int priority, const char *format, ...) {
  va_list list;
  va_start(list, format);
  vsyslog(priority, format, list);
  va_end(list);
}
