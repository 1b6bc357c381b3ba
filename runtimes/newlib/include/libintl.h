/* Translated messages: there are no catalogues, so each message is given back as it is. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _LIBINTL_H
#define _LIBINTL_H

#include <sys/cdefs.h>

/* What gettext's own checks look for; GNU's needs catalogues' revision, too. */
#define __USE_GNU_GETTEXT 1
#define __GNU_GETTEXT_SUPPORTED_REVISION(major) ((major) == 0 ? 1 : -1)

__BEGIN_DECLS
char *gettext(const char *) __attribute__((__format_arg__(1)));
char *dgettext(const char *, const char *) __attribute__((__format_arg__(2)));
char *dcgettext(const char *, const char *, int) __attribute__((__format_arg__(2)));
char *ngettext(const char *, const char *, unsigned long) __attribute__((__format_arg__(1), __format_arg__(2)));
char *dngettext(const char *, const char *, const char *, unsigned long)
    __attribute__((__format_arg__(2), __format_arg__(3)));
char *dcngettext(const char *, const char *, const char *, unsigned long, int)
    __attribute__((__format_arg__(2), __format_arg__(3)));
char *textdomain(const char *);
char *bindtextdomain(const char *, const char *);
char *bind_textdomain_codeset(const char *, const char *);
__END_DECLS

#endif
