/* The one user and the one group: root, whose home is /. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "../port/port.h"

static char none[] = "", root[] = "root", secret[] = "x", home[] = "/", shell[] = "/bin/sh";
static char *members[] = {NULL};

static const struct passwd user = {root, secret, 0, 0, none, root, home, shell};
static const struct group group = {root, secret, 0, members};

struct passwd *getpwuid(uid_t number) {
  static struct passwd found;
  found = user;
  return number == 0 ? &found : NULL;
}

struct passwd *getpwnam(const char *name) { return strcmp(name, root) ? NULL : getpwuid(0); }

/* As POSIX has it: the strings are the caller's to hold. */
static char *keep(char **to, size_t *room, const char *text) {
  size_t length = strlen(text) + 1;
  if (length > *room)
    return NULL;
  char *kept = memcpy(*to, text, length);
  *to += length, *room -= length;
  return kept;
}

static int give_user(int known, struct passwd *to, char *buffer, size_t size, struct passwd **found) {
  *found = NULL;
  if (!known)
    return 0;
  *to = user;
  if (!(to->pw_name = keep(&buffer, &size, root)) || !(to->pw_passwd = keep(&buffer, &size, secret)) ||
      !(to->pw_comment = keep(&buffer, &size, none)) || !(to->pw_gecos = keep(&buffer, &size, root)) ||
      !(to->pw_dir = keep(&buffer, &size, home)) || !(to->pw_shell = keep(&buffer, &size, shell)))
    return ERANGE;
  *found = to;
  return 0;
}

int getpwuid_r(uid_t number, struct passwd *to, char *buffer, size_t size, struct passwd **found) {
  return give_user(number == 0, to, buffer, size, found);
}

int getpwnam_r(const char *name, struct passwd *to, char *buffer, size_t size, struct passwd **found) {
  return give_user(strcmp(name, root) == 0, to, buffer, size, found);
}

static int users_given, groups_given;

void setpwent(void) { users_given = 0; }

void endpwent(void) { users_given = 0; }

struct passwd *getpwent(void) { return users_given++ ? NULL : getpwuid(0); }

int getpwent_r(struct passwd *to, char *buffer, size_t size, struct passwd **found) {
  int error = give_user(users_given == 0, to, buffer, size, found);
  users_given += error == 0;
  return error == 0 && *found == NULL ? ENOENT : error;
}

struct group *getgrgid(gid_t number) {
  static struct group found;
  found = group;
  return number == 0 ? &found : NULL;
}

struct group *getgrnam(const char *name) { return strcmp(name, root) ? NULL : getgrgid(0); }

static int give_group(int known, struct group *to, char *buffer, size_t size, struct group **found) {
  *found = NULL;
  if (!known)
    return 0;
  *to = group;
  size_t skip = -(uintptr_t)buffer % sizeof(char *);
  if (size < skip + sizeof members)
    return ERANGE;
  to->gr_mem = memcpy(buffer + skip, members, sizeof members);
  buffer += skip + sizeof members, size -= skip + sizeof members;
  if (!(to->gr_name = keep(&buffer, &size, root)) || !(to->gr_passwd = keep(&buffer, &size, secret)))
    return ERANGE;
  *found = to;
  return 0;
}

int getgrgid_r(gid_t number, struct group *to, char *buffer, size_t size, struct group **found) {
  return give_group(number == 0, to, buffer, size, found);
}

int getgrnam_r(const char *name, struct group *to, char *buffer, size_t size, struct group **found) {
  return give_group(strcmp(name, root) == 0, to, buffer, size, found);
}

void setgrent(void) { groups_given = 0; }

void endgrent(void) { groups_given = 0; }

struct group *getgrent(void) { return groups_given++ ? NULL : getgrgid(0); }

int getgrent_r(struct group *to, char *buffer, size_t size, struct group **found) {
  int error = give_group(groups_given == 0, to, buffer, size, found);
  groups_given += error == 0;
  return error == 0 && *found == NULL ? ENOENT : error;
}

int initgroups(const char *name, gid_t main) {
  (void)name;
  return main == 0 ? 0 : fails(EPERM);
}

int setgroups(size_t count, const gid_t *list) {
  for (size_t i = 0; i < count; i++)
    if (list[i] != 0)
      return fails(EPERM);
  return 0;
}

int getgrouplist(const char *name, gid_t main, gid_t *list, int *count) {
  (void)name;
  int room = *count;
  *count = 1;
  if (room < 1)
    return -1;
  list[0] = main;
  return 1;
}
