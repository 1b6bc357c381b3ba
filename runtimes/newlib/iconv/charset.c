/* Character sets by their names, whatever the case and the hyphens. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "side.h"

enum { NAME = 32 };

static const struct {
  const char *name;
  uint16_t upper[UPPER];
} tables[] = {
#include "charsets.inc"
};

static const struct {
  const char *name;
  enum form form;
  int big_endian, marked;
} forms[] = {
    {"ASCII", ASCII, 0, 0},    {"ISO88591", LATIN1, 0, 0}, {"UTF8", UTF8, 0, 0},      {"UTF16", UTF16, 0, 1},
    {"UTF16LE", UTF16, 0, 0},  {"UTF16BE", UTF16, 1, 0},   {"UTF32", UTF32, 0, 1},    {"UTF32LE", UTF32, 0, 0},
    {"UTF32BE", UTF32, 1, 0},  {"UCS2", UCS2, 0, 0},       {"UCS2LE", UCS2, 0, 0},    {"UCS2BE", UCS2, 1, 0},
    {"UCS4", UTF32, 1, 0},     {"UCS4LE", UTF32, 0, 0},    {"UCS4BE", UTF32, 1, 0},   {"WCHART", UTF32, 0, 0},
    {"UCS2INTERNAL", UCS2, 0, 0}, {"UCS4INTERNAL", UTF32, 0, 0},
};

/* Other names, as the plain ones above. */
static const struct {
  const char *name, *plain;
} aliases[] = {
    {"USASCII", "ASCII"},      {"ANSIX341968", "ASCII"}, {"ISO646US", "ASCII"},    {"646", "ASCII"},
    {"US", "ASCII"},           {"C", "ASCII"},           {"POSIX", "ASCII"},       {"LATIN1", "ISO88591"},
    {"L1", "ISO88591"},        {"IBM819", "ISO88591"},   {"CP819", "ISO88591"},    {"LATIN2", "ISO88592"},
    {"L2", "ISO88592"},        {"LATIN3", "ISO88593"},   {"LATIN4", "ISO88594"},   {"CYRILLIC", "ISO88595"},
    {"ARABIC", "ISO88596"},    {"GREEK", "ISO88597"},    {"HEBREW", "ISO88598"},   {"LATIN5", "ISO88599"},
    {"LATIN6", "ISO885910"},   {"LATIN7", "ISO885913"},  {"LATIN8", "ISO885914"},  {"LATIN9", "ISO885915"},
    {"LATIN10", "ISO885916"},  {"TIS620", "ISO885911"},  {"IBM437", "CP437"},      {"437", "CP437"},
    {"IBM850", "CP850"},       {"850", "CP850"},         {"IBM852", "CP852"},      {"IBM866", "CP866"},
    {"866", "CP866"},          {"MAC", "MACINTOSH"},     {"CP65001", "UTF8"},      {"ISO106461", "UCS4"},
    {"ISO10646UCS2", "UCS2"},  {"ISO10646UCS4", "UCS4"}, {"CP1200", "UTF16LE"},    {"CP1201", "UTF16BE"},
    {"ISO10646UTF8", "UTF8"},  {"ISO10646/UTF8", "UTF8"}, {"UNICODE", "UTF16"},
};

/* Capitals and figures alone; a year (ISO_8859-1:1987) and "WINDOWS" before a number are dropped. */
static int simplify(const char *name, size_t length, char *to) {
  size_t size = 0;
  for (size_t i = 0; i < length && name[i] != ':'; i++) {
    if (strchr("-_. ", name[i]))
      continue;
    if (size == NAME - 1)
      return 0;
    to[size++] = (char)toupper((unsigned char)name[i]);
  }
  to[size] = 0;
  if (strncmp(to, "WINDOWS", 7) == 0) {
    memmove(to + 2, to + 7, size - 6);
    memcpy(to, "CP", 2);
  }
  for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
    if (strcmp(to, aliases[i].name) == 0)
      strcpy(to, aliases[i].plain);
  return 1;
}

static void sort(struct side *side) {
  for (int i = 0; i < UPPER; i++) {
    int at = i;
    for (; at > 0 && side->upper[side->order[at - 1]] > side->upper[i]; at--)
      side->order[at] = side->order[at - 1];
    side->order[at] = (unsigned char)i;
  }
}

int __hermit_charset(const char *name, size_t length, struct side *side) {
  char plain[NAME];
  if (length == 0 || (length == 4 && strncmp(name, "char", length) == 0))
    name = nl_langinfo(CODESET), length = strlen(name);
  if (!simplify(name, length, plain))
    return 0;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
    if (strcmp(plain, forms[i].name) == 0) {
      *side = (struct side){.form = forms[i].form, .big_endian = forms[i].big_endian, .marked = forms[i].marked};
      return 1;
    }
  for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
    if (strcmp(plain, tables[i].name) == 0) {
      *side = (struct side){.form = ONE_BYTE, .upper = tables[i].upper};
      sort(side);
      return 1;
    }
  return 0;
}
