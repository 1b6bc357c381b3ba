/* Lists of mounted file systems: lines of six fields, in which \040 and the like stand for blanks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <mntent.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 4 };

FILE *setmntent(const char *path, const char *mode) { return fopen(path, mode); }

int endmntent(FILE *stream) {
  if (stream)
    fclose(stream);
  return 1;
}

/* Undo the escapes: a backslash and three octal digits. */
static char *plain(char *text) {
  char *to = text;
  for (char *at = text; *at; at++) {
    if (at[0] == '\\' && at[1] >= '0' && at[1] <= '3' && strspn(at + 1, "01234567") >= 3) {
      *to++ = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
      at += 3;
    } else {
      *to++ = *at;
    }
  }
  *to = 0;
  return text;
}

static void take(char *line, struct mntent *entry) {
  static char none[] = "";
  char *field[FIELDS] = {none, none, none, none}, *rest = NULL;
  for (int i = 0; i < FIELDS; i++) {
    char *word = strtok_r(i ? NULL : line, " \t", &rest);
    if (word == NULL)
      break;
    field[i] = plain(word);
  }
  char *often = strtok_r(NULL, " \t", &rest), *pass = often ? strtok_r(NULL, " \t", &rest) : NULL;
  *entry = (struct mntent){field[0], field[1], field[2], field[3], often ? atoi(often) : 0, pass ? atoi(pass) : 0};
}

struct mntent *getmntent_r(FILE *stream, struct mntent *entry, char *line, int size) {
  while (fgets(line, size, stream)) {
    if (strchr(line, '\n') == NULL) /* the rest of a line that is too long */
      for (int sign; (sign = getc(stream)) != EOF && sign != '\n';)
        ;
    line[strcspn(line, "\n")] = 0;
    char *start = line + strspn(line, " \t");
    if (*start && *start != '#') {
      take(start, entry);
      return entry;
    }
  }
  return NULL;
}

struct mntent *getmntent(FILE *stream) {
  static struct mntent entry;
  static char line[4096];
  return getmntent_r(stream, &entry, line, sizeof line);
}

static void put(FILE *stream, const char *text) {
  for (; *text; text++)
    if (strchr(" \t\n\\", *text))
      fprintf(stream, "\\%03o", (unsigned)*text);
    else
      putc(*text, stream);
  putc(' ', stream);
}

int addmntent(FILE *stream, const struct mntent *entry) {
  if (fseek(stream, 0, SEEK_END) < 0)
    return 1;
  put(stream, entry->mnt_fsname);
  put(stream, entry->mnt_dir);
  put(stream, entry->mnt_type);
  put(stream, entry->mnt_opts);
  return fprintf(stream, "%d %d\n", entry->mnt_freq, entry->mnt_passno) < 0 || fflush(stream) != 0;
}

char *hasmntopt(const struct mntent *entry, const char *option) {
  size_t length = strlen(option);
  for (char *at = entry->mnt_opts; (at = strstr(at, option)) != NULL; at += length)
    if ((at == entry->mnt_opts || at[-1] == ',') && (at[length] == 0 || at[length] == ',' || at[length] == '='))
      return at;
  return NULL;
}
