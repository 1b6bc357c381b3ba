/* Users: there is one, root. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _PWD_H_
#define _PWD_H_

#include <sys/cdefs.h>
#include <sys/types.h>
#if __GNU_VISIBLE
#include <stdio.h>
#endif

struct passwd {
  char *pw_name;
  char *pw_passwd;
  uid_t pw_uid;
  gid_t pw_gid;
  char *pw_comment;
  char *pw_gecos;
  char *pw_dir;
  char *pw_shell;
};

__BEGIN_DECLS
struct passwd *getpwuid(uid_t);
struct passwd *getpwnam(const char *);
#if __MISC_VISIBLE || __POSIX_VISIBLE
int getpwnam_r(const char *, struct passwd *, char *, size_t, struct passwd **);
int getpwuid_r(uid_t, struct passwd *, char *, size_t, struct passwd **);
#endif
#if __MISC_VISIBLE || __XSI_VISIBLE >= 4
struct passwd *getpwent(void);
void setpwent(void);
void endpwent(void);
#endif
#if __GNU_VISIBLE
int getpwent_r(struct passwd *, char *, size_t, struct passwd **);
struct passwd *fgetpwent(FILE *);
#endif
__END_DECLS

#endif
