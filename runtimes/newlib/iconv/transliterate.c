/* What ASCII has instead of other characters: letters without their marks, quotes, dashes, ligatures. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "side.h"

enum { FIRST = 0xc0, LAST = 0x17f };

/* From U+00C0 on; '?' where there is no single letter. */
static const char letters[] =
    "AAAAAA?CEEEEIIIIDNOOOOOxOUUUUY?""?aaaaaa?ceeeeiiiidnooooo?ouuuuy?yAaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGg"
    "GgGgHh?""?IiIiIiIiIi?""?JjKk?LlLlLl?""?LlNnNnNn?""??OoOoOo?""?RrRrRrSsSsSsSsTtTt?""?UuUuUuUuUuUuWwYyYZzZzZzs";

static const struct {
  uint32_t sign;
  const char *instead;
} others[] = {
    {0xa0, " "}, {0xa9, "(C)"}, {0xab, "<<"}, {0xad, "-"}, {0xae, "(R)"}, {0xb5, "u"}, {0xb8, ","}, {0xbb, ">>"},
    {0xbc, " 1/4 "}, {0xbd, " 1/2 "}, {0xbe, " 3/4 "}, {0xc6, "AE"}, {0xde, "TH"}, {0xdf, "ss"}, {0xe6, "ae"},
    {0xfe, "th"}, {0x132, "IJ"}, {0x133, "ij"}, {0x152, "OE"}, {0x153, "oe"}, {0x192, "f"}, {0x2c6, "^"},
    {0x2dc, "~"}, {0x2002, " "}, {0x2003, " "}, {0x2009, " "}, {0x200b, ""}, {0x2010, "-"}, {0x2011, "-"},
    {0x2012, "-"}, {0x2013, "-"}, {0x2014, "-"}, {0x2015, "-"}, {0x2018, "'"}, {0x2019, "'"}, {0x201a, ","},
    {0x201b, "'"}, {0x201c, "\""}, {0x201d, "\""}, {0x201e, ",,"}, {0x2020, "+"}, {0x2022, "o"}, {0x2026, "..."},
    {0x202f, " "}, {0x2030, " 0/00"}, {0x2032, "'"}, {0x2033, "\""}, {0x2039, "<"}, {0x203a, ">"}, {0x2044, "/"},
    {0x20ac, "EUR"}, {0x2116, "No"}, {0x2122, "(TM)"}, {0x2190, "<-"}, {0x2192, "->"}, {0x2212, "-"}, {0x2215, "/"},
    {0x2264, "<="}, {0x2265, ">="}, {0xfb00, "ff"}, {0xfb01, "fi"}, {0xfb02, "fl"}, {0xfeff, ""},
};

const char *__hermit_transliterate(uint32_t sign, char *own) {
  if (sign >= FIRST && sign <= LAST && letters[sign - FIRST] != '?') {
    own[0] = letters[sign - FIRST];
    own[1] = 0;
    return own;
  }
  for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
    if (others[i].sign == sign)
      return others[i].instead;
  return 0;
}
