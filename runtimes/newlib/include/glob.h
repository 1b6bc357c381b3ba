/* Paths that match a pattern. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _GLOB_H_
#define _GLOB_H_

#include <sys/cdefs.h>
#define __need_size_t
#include <stddef.h>

struct stat;
struct dirent;

typedef struct {
  size_t gl_pathc;
  char **gl_pathv;
  size_t gl_offs;
  int gl_flags;
  void (*gl_closedir)(void *);
  struct dirent *(*gl_readdir)(void *);
  void *(*gl_opendir)(const char *);
  int (*gl_lstat)(const char *__restrict, struct stat *__restrict);
  int (*gl_stat)(const char *__restrict, struct stat *__restrict);
} glob_t;

#define GLOB_ERR 0x0001
#define GLOB_MARK 0x0002
#define GLOB_NOSORT 0x0004
#define GLOB_DOOFFS 0x0008
#define GLOB_NOCHECK 0x0010
#define GLOB_APPEND 0x0020
#define GLOB_NOESCAPE 0x0040
#if __MISC_VISIBLE || __GNU_VISIBLE
#define GLOB_PERIOD 0x0080
#define GLOB_MAGCHAR 0x0100 /* set in gl_flags where the pattern held special signs */
#define GLOB_ALTDIRFUNC 0x0200
#define GLOB_BRACE 0x0400
#define GLOB_NOMAGIC 0x0800
#define GLOB_TILDE 0x1000
#define GLOB_ONLYDIR 0x2000
#define GLOB_TILDE_CHECK 0x4000
#endif

#define GLOB_NOSPACE 1
#define GLOB_ABORTED 2
#define GLOB_NOMATCH 3

__BEGIN_DECLS
int glob(const char *__restrict, int, int (*)(const char *, int), glob_t *__restrict);
void globfree(glob_t *);
__END_DECLS

#endif
