/* Who is logged in, by its older names: nobody. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _UTMP_H
#define _UTMP_H

#include <utmpx.h>

#define UT_LINESIZE 32
#define UT_NAMESIZE 32
#define UT_HOSTSIZE 256
#define ut_name ut_user
#define ut_time ut_tv.tv_sec
#define utmp utmpx

__BEGIN_DECLS
void setutent(void);
void endutent(void);
struct utmp *getutent(void);
struct utmp *getutid(const struct utmp *);
struct utmp *getutline(const struct utmp *);
struct utmp *pututline(const struct utmp *);
int utmpname(const char *);
void updwtmp(const char *, const struct utmp *);
__END_DECLS

#endif
