/* dlopen() and its kind in a static image: nothing can be loaded, and dlerror() says so, to each thread for itself. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#include "../port/port.h"

enum { TEXT = 160 };

static __thread char text[TEXT];
static __thread int is_new;
static char the_program; /* its address is the handle of the program itself */

extern const Elf64_Ehdr __ehdr_start __attribute__((weak));
extern char _end[];
extern char *program_invocation_name;

static void *refuse(const char *what, const char *name) {
  snprintf(text, sizeof text, what, name);
  is_new = 1;
  return NULL;
}

void *dlopen(const char *name, int mode) {
  if (!(mode & (RTLD_LAZY | RTLD_NOW)))
    return refuse("invalid mode for dlopen(): %s", "neither RTLD_LAZY nor RTLD_NOW");
  if (name == NULL)
    return &the_program;
  return refuse("%s: cannot load shared objects: a unikernel is one static image (link it in instead)", name);
}

void *dlsym(void *restrict handle, const char *restrict name) {
  if (handle != &the_program && handle != RTLD_DEFAULT && handle != RTLD_NEXT)
    return refuse("invalid handle for symbol %s", name);
  return refuse("undefined symbol: %s (a unikernel's image carries no dynamic symbols)", name);
}

int dlclose(void *handle) {
  if (handle == &the_program)
    return 0;
  refuse("%s", "invalid handle");
  return -1;
}

char *dlerror(void) {
  int had = is_new;
  is_new = 0;
  return had ? text : NULL;
}

int dladdr(const void *address, Dl_info *information) {
  if (&__ehdr_start == NULL || (const char *)address < (const char *)&__ehdr_start || (const char *)address >= _end)
    return 0;
  *information = (Dl_info){.dli_fname = program_invocation_name, .dli_fbase = (void *)&__ehdr_start};
  return 1;
}
