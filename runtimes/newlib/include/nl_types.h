/* Message catalogues: none can be opened, so each message is the program's own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _NL_TYPES_H
#define _NL_TYPES_H

#include <sys/cdefs.h>

#define NL_SETD 1
#define NL_CAT_LOCALE 1

typedef void *nl_catd;
typedef int nl_item;

__BEGIN_DECLS
nl_catd catopen(const char *, int);
char *catgets(nl_catd, int, int, const char *);
int catclose(nl_catd);
__END_DECLS

#endif
