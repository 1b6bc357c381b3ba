/* Where C begins: the kernel calls this on the main stack, with thread-local storage in place. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "port.h"
#include "state.h"

extern void __libc_init_array(void);
extern void __libc_fini_array(void);
extern void __pte_main(void);
extern int main(int, char **, char **);

char *program_invocation_name = "", *program_invocation_short_name = "";

static void keep_name(char *name) {
  char *slash = strrchr(name, '/');
  program_invocation_name = name;
  program_invocation_short_name = slash ? slash + 1 : name;
}

void runtime_entry(int argc, char **argv, char **env) {
  environ = env;
  if (argc > 0)
    keep_name(argv[0]);
  __hermit_reent_main();
  __pte_main();
  /* Registered first, so run last: destructors of static objects may still print. */
  atexit(__libc_fini_array);
  __libc_init_array();
  exit(main(argc, argv, environ));
}
