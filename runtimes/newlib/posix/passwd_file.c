/* Users from a file in the form of /etc/passwd. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 7, NUMBER = 2, GROUP = 3 };

struct passwd *fgetpwent(FILE *stream) {
  static struct passwd user;
  static char none[] = "", *line;
  static size_t size;
  ssize_t length;
  while ((length = getline(&line, &size, stream)) >= 0) {
    char *field[FIELDS] = {0}, *at = line;
    line[strcspn(line, "\n")] = 0;
    for (int i = 0; i < FIELDS && at; i++)
      field[i] = strsep(&at, ":");
    if (field[FIELDS - 1] == NULL)
      continue;
    user = (struct passwd){field[0], field[1], (uid_t)strtoul(field[NUMBER], NULL, 10), (gid_t)strtoul(field[GROUP], NULL, 10),
                           none, field[4], field[5], field[6]};
    return &user;
  }
  return NULL;
}
