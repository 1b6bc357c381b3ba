/* Translated messages, by gettext and by catalogues: each is what the program has. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <libintl.h>
#include <nl_types.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

enum { DOMAIN = 256 };

char *gettext(const char *text) { return (char *)text; }

char *dgettext(const char *domain, const char *text) {
  (void)domain;
  return (char *)text;
}

char *dcgettext(const char *domain, const char *text, int category) {
  (void)domain, (void)category;
  return (char *)text;
}

char *ngettext(const char *one, const char *many, unsigned long count) { return (char *)(count == 1 ? one : many); }

char *dngettext(const char *domain, const char *one, const char *many, unsigned long count) {
  (void)domain;
  return ngettext(one, many, count);
}

char *dcngettext(const char *domain, const char *one, const char *many, unsigned long count, int category) {
  (void)domain, (void)category;
  return ngettext(one, many, count);
}

char *textdomain(const char *name) {
  static char now[DOMAIN] = "messages";
  if (name && strlcpy(now, *name ? name : "messages", sizeof now) >= sizeof now)
    return errno = EINVAL, NULL;
  return now;
}

char *bindtextdomain(const char *domain, const char *folder) {
  static char now[DOMAIN] = "/usr/share/locale";
  if (domain == NULL || *domain == 0)
    return NULL;
  if (folder && strlcpy(now, folder, sizeof now) >= sizeof now)
    return errno = ENOMEM, NULL;
  return now;
}

char *bind_textdomain_codeset(const char *domain, const char *codeset) {
  static char now[DOMAIN];
  static int is_set;
  if (domain == NULL || *domain == 0)
    return NULL;
  if (codeset) {
    if (strlcpy(now, codeset, sizeof now) >= sizeof now)
      return errno = ENOMEM, NULL;
    is_set = 1;
  }
  return is_set ? now : NULL;
}

nl_catd catopen(const char *name, int flags) {
  (void)name, (void)flags;
  errno = ENOENT;
  return (nl_catd)-1;
}

char *catgets(nl_catd catalogue, int set, int number, const char *text) {
  (void)set, (void)number;
  if (catalogue == (nl_catd)-1)
    errno = EBADF;
  return (char *)text;
}

int catclose(nl_catd catalogue) {
  (void)catalogue;
  return fails(EBADF);
}
