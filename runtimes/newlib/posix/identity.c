/* Who the program is, and names of the host: there is one user, and no other name can be given. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../port/port.h"

/* (id_t)-1 leaves a number as it is. */
static int only_root(id_t real, id_t effective, id_t saved) {
  int all = (real == 0 || real == (id_t)-1) && (effective == 0 || effective == (id_t)-1) &&
            (saved == 0 || saved == (id_t)-1);
  return all ? 0 : fails(EPERM);
}

static id_t widen(unsigned number, unsigned unset) { return number == unset ? (id_t)-1 : number; }

int setresuid(uid_t real, uid_t effective, uid_t saved) {
  return only_root(widen(real, (uid_t)-1), widen(effective, (uid_t)-1), widen(saved, (uid_t)-1));
}

int setresgid(gid_t real, gid_t effective, gid_t saved) {
  return only_root(widen(real, (gid_t)-1), widen(effective, (gid_t)-1), widen(saved, (gid_t)-1));
}

int setreuid(uid_t real, uid_t effective) { return setresuid(real, effective, (uid_t)-1); }

int setregid(gid_t real, gid_t effective) { return setresgid(real, effective, (gid_t)-1); }

int getresuid(uid_t *real, uid_t *effective, uid_t *saved) {
  *real = *effective = *saved = 0;
  return 0;
}

int getresgid(gid_t *real, gid_t *effective, gid_t *saved) {
  *real = *effective = *saved = 0;
  return 0;
}

int setpgrp(void) { return setpgid(0, 0); }

long gethostid(void) { return 0; }

int sethostname(const char *name, size_t length) {
  (void)name, (void)length;
  return fails(EPERM);
}

int getdomainname(char *name, size_t size) {
  static const char none[] = "(none)";
  if (size < sizeof none)
    return fails(EINVAL);
  memcpy(name, none, sizeof none);
  return 0;
}

int setdomainname(const char *name, size_t length) {
  (void)name, (void)length;
  return fails(EPERM);
}

char *cuserid(char *to) {
  static char own[9];
  return strcpy(to ? to : own, "root");
}

/* A daemon is a child whose parent has gone. */
int daemon(int stay, int keep) {
  (void)stay, (void)keep;
  return fails(ENOSYS);
}

int fexecve(int fd, char *const *arguments, char *const *environment) {
  (void)fd, (void)arguments, (void)environment;
  return fails(ENOSYS);
}
