/* Shared objects: there are none in a static image, so dlopen() fails with a message; dladdr() knows the image's functions. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _DLFCN_H
#define _DLFCN_H

#include <sys/cdefs.h>

#define RTLD_LAZY 0x1
#define RTLD_NOW 0x2
#define RTLD_GLOBAL 0x100
#define RTLD_LOCAL 0
#if __GNU_VISIBLE
#define RTLD_NOLOAD 0x4
#define RTLD_DEEPBIND 0x8
#define RTLD_NODELETE 0x1000
#define RTLD_NEXT ((void *)-1L)
#define RTLD_DEFAULT ((void *)0)
#endif

#if __MISC_VISIBLE || __GNU_VISIBLE
typedef struct {
  const char *dli_fname; /* the image */
  void *dli_fbase;
  const char *dli_sname; /* NULL: an image carries no names of its functions */
  void *dli_saddr;
} Dl_info;
#endif

__BEGIN_DECLS
void *dlopen(const char *, int);
void *dlsym(void *__restrict, const char *__restrict);
int dlclose(void *);
char *dlerror(void);
#if __MISC_VISIBLE || __GNU_VISIBLE
int dladdr(const void *, Dl_info *);
#endif
__END_DECLS

#endif
