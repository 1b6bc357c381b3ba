/* Where the image's unwind tables are: libgcc's unwinder asks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <link.h>
#include <pthread.h>

#include "port.h"

/* libgcc's references to these are weak, which takes nothing from an archive, yet it calls them: glibc 2.36, for which
   it was compiled, always has them. */
extern int __pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
__attribute__((used)) static const struct {
  int (*once)(pthread_once_t *, void (*)(void));
  int (*lock)(pthread_mutex_t *);
  int (*unlock)(pthread_mutex_t *);
  int (*create)(pthread_key_t *, void (*)(void *));
  void *(*get)(pthread_key_t);
  int (*set)(pthread_key_t, const void *);
} needed = {pthread_once,        pthread_mutex_lock,  pthread_mutex_unlock,
            __pthread_key_create, pthread_getspecific, pthread_setspecific};

/* The linker's own symbols: the ELF header as loaded, and the image's end. */
extern const Elf64_Ehdr __ehdr_start __attribute__((weak));
extern char _end[];

/* glibc 2.35's interface, which the precompiled libgcc_eh.a calls; x86-64 has no further members. */
struct dl_find_object {
  unsigned long long flags;
  void *map_start, *map_end;
  void *link_map;
  void *eh_frame;
  unsigned long long reserved[7];
};

static const Elf64_Phdr *headers(void) {
  return (const Elf64_Phdr *)((const char *)&__ehdr_start + __ehdr_start.e_phoff);
}

int dl_iterate_phdr(int (*callback)(struct dl_phdr_info *, size_t, void *), void *data) {
  if (&__ehdr_start == NULL)
    return 0;
  struct dl_phdr_info info = {.dlpi_name = "", .dlpi_phdr = headers(), .dlpi_phnum = __ehdr_start.e_phnum, .dlpi_adds = 1};
  return callback(&info, sizeof info, data);
}

int _dl_find_object(void *address, struct dl_find_object *found) {
  if (&__ehdr_start == NULL || (char *)address < (const char *)&__ehdr_start || (char *)address >= _end)
    return -1;
  *found = (struct dl_find_object){.map_start = (void *)&__ehdr_start, .map_end = _end};
  for (int i = 0; i < __ehdr_start.e_phnum; i++)
    if (headers()[i].p_type == PT_GNU_EH_FRAME)
      found->eh_frame = (void *)headers()[i].p_vaddr;
  return found->eh_frame ? 0 : -1;
}
