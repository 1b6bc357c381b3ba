/* fnmatch(): patterns of the shell's, over the characters of the locale; a star tries shorter matches first. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fnmatch.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "../port/port.h"

enum { CLASS = 16 };

/* One character of the name or pattern; a byte that is none stands for itself, above all of them. */
static wint_t next(const char **at) {
  mbstate_t state = {0};
  wchar_t sign = 0;
  unsigned char first = (unsigned char)**at;
  if (first < 0x80) {
    (*at)++;
    return first;
  }
  size_t taken = mbrtowc(&sign, *at, strlen(*at), &state);
  if (taken == (size_t)-1 || taken == (size_t)-2) {
    (*at)++;
    return 0x40000000 + first;
  }
  *at += taken;
  return (wint_t)sign;
}

static wint_t fold(wint_t sign, int flags) { return flags & FNM_CASEFOLD && sign < 0x40000000 ? towlower(sign) : sign; }

/* [:class:] at `at`, behind the first bracket: whether the sign is of it, or -1 where it is none. */
static int in_class(const char **at, wint_t sign, int flags) {
  char name[CLASS];
  const char *end = strstr(*at + 1, ":]");
  size_t length = end ? (size_t)(end - *at - 1) : sizeof name;
  if (length >= sizeof name)
    return -1;
  memcpy(name, *at + 1, length);
  name[length] = 0;
  wctype_t class = wctype(name);
  if (class == 0)
    return -1;
  *at = end + 2;
  return iswctype(sign, class) || (flags & FNM_CASEFOLD && (iswctype(towlower(sign), class) || iswctype(towupper(sign), class)));
}

/* [.x.] or [=x=] of one character, else a plain one; sets *bad where it is neither. */
static wint_t element(const char **at, int flags, int *bad) {
  if (**at == '[' && ((*at)[1] == '.' || (*at)[1] == '=')) {
    char kind = (*at)[1];
    const char *inner = *at + 2;
    wint_t sign = next(&inner);
    if (sign == 0 || inner[0] != kind || inner[1] != ']')
      return *bad = 1, 0;
    *at = inner + 2;
    return sign;
  }
  if (**at == '\\' && !(flags & FNM_NOESCAPE) && (*at)[1])
    (*at)++;
  return next(at);
}

/* A bracket expression behind its '[': 1 or 0, and the pattern moves on; -1 where it has no end, and '[' is plain. */
static int bracket(const char **pattern, wint_t sign, int flags) {
  const char *at = *pattern;
  int inverse = *at == '!' || *at == '^', found = 0, first = 1;
  wint_t folded = fold(sign, flags);
  at += inverse;
  for (; *at != ']' || first; first = 0) {
    int bad = 0;
    if (*at == 0 || (*at == '/' && flags & FNM_PATHNAME))
      return -1;
    if (at[0] == '[' && at[1] == ':') {
      const char *inner = at + 1;
      int is = in_class(&inner, sign, flags);
      if (is >= 0) {
        found |= is;
        at = inner;
        continue;
      }
    }
    wint_t low = element(&at, flags, &bad), high = low;
    if (at[0] == '-' && at[1] && at[1] != ']') {
      at++;
      high = element(&at, flags, &bad);
    }
    if (bad)
      return -1;
    found |= (sign >= low && sign <= high) || (folded >= fold(low, flags) && folded <= fold(high, flags));
  }
  *pattern = at + 1;
  return found != inverse;
}

/* A leading period that a wildcard must not match. */
static int hidden(const char *name, const char *start, int flags) {
  return flags & FNM_PERIOD && *name == '.' && (name == start || (flags & FNM_PATHNAME && name[-1] == '/'));
}

/* One step of the pattern, which is no star, against one character: 1 where they match, and both move on. */
static int step(const char **pattern, const char **name, const char *start, int flags) {
  const char *rest = *pattern;
  int is_slash = **name == '/' && flags & FNM_PATHNAME, is_hidden = hidden(*name, start, flags);
  wint_t sign = next(name), wanted = next(&rest);
  if (wanted == '?' || wanted == '[') {
    int matches = wanted == '?' ? 1 : bracket(&rest, sign, flags);
    if (matches >= 0) {
      *pattern = rest;
      return matches && !is_slash && !is_hidden;
    }
  }
  if (wanted == '\\' && !(flags & FNM_NOESCAPE)) {
    if (*rest == 0)
      return 0;
    wanted = next(&rest);
  }
  *pattern = rest;
  return fold(wanted, flags) == fold(sign, flags);
}

int fnmatch(const char *pattern, const char *name, int flags) {
  const char *start = name, *star = NULL, *retry = NULL;
  for (;;) {
    if (*pattern == '*') {
      if (hidden(name, start, flags))
        return FNM_NOMATCH;
      while (*pattern == '*')
        pattern++;
      star = pattern, retry = name;
    } else if (*pattern == 0 && (*name == 0 || (*name == '/' && flags & FNM_LEADING_DIR))) {
      return 0;
    } else if (*pattern && *name && step(&pattern, &name, start, flags)) {
      /* a slash that matched is behind every star so far */
      if (flags & FNM_PATHNAME && name[-1] == '/')
        star = NULL;
    } else {
      /* the last star takes one character more */
      if (star == NULL || *retry == 0 || (*retry == '/' && flags & FNM_PATHNAME))
        return FNM_NOMATCH;
      next(&retry);
      pattern = star, name = retry;
    }
  }
}
