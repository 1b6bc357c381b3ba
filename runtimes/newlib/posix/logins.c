/* Who is logged in: nobody, and nothing is written down. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <utmp.h>

#include "../port/port.h"

void setutxent(void) {}

void endutxent(void) {}

struct utmpx *getutxent(void) { return NULL; }

struct utmpx *getutxid(const struct utmpx *like) {
  (void)like;
  return NULL;
}

struct utmpx *getutxline(const struct utmpx *like) {
  (void)like;
  return NULL;
}

struct utmpx *pututxline(const struct utmpx *entry) {
  (void)entry;
  errno = EPERM;
  return NULL;
}

void setutent(void) {}

void endutent(void) {}

struct utmp *getutent(void) { return NULL; }

struct utmp *getutid(const struct utmp *like) { return getutxid(like); }

struct utmp *getutline(const struct utmp *like) { return getutxline(like); }

struct utmp *pututline(const struct utmp *entry) { return pututxline(entry); }

int utmpname(const char *path) {
  (void)path;
  return 0;
}

void updwtmp(const char *path, const struct utmp *entry) { (void)path, (void)entry; }
