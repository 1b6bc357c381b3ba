/* Groups: there is one, root. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _GRP_H_
#define _GRP_H_

#include <sys/cdefs.h>
#include <sys/types.h>

struct group {
  char *gr_name;
  char *gr_passwd;
  gid_t gr_gid;
  char **gr_mem;
};

__BEGIN_DECLS
struct group *getgrgid(gid_t);
struct group *getgrnam(const char *);
#if __MISC_VISIBLE || __POSIX_VISIBLE
int getgrnam_r(const char *, struct group *, char *, size_t, struct group **);
int getgrgid_r(gid_t, struct group *, char *, size_t, struct group **);
#endif
#if __MISC_VISIBLE || __XSI_VISIBLE >= 4
struct group *getgrent(void);
void setgrent(void);
void endgrent(void);
#endif
#if __MISC_VISIBLE
int initgroups(const char *, gid_t);
int setgroups(size_t, const gid_t *);
int getgrouplist(const char *, gid_t, gid_t *, int *);
#endif
#if __GNU_VISIBLE
int getgrent_r(struct group *, char *, size_t, struct group **);
#endif
__END_DECLS

#endif
