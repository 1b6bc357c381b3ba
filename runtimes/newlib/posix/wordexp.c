/* wordexp(): quotes, ~, $variables and patterns as the shell has them; commands and arithmetic need a shell. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <wordexp.h>

#include "../port/port.h"

/* The word so far, as a pattern of glob()'s: what was quoted is escaped. */
struct state {
  wordexp_t *to;
  int flags, started;
  char *word;
  size_t length, room;
};

static int put(struct state *state, char sign, int quoted) {
  if (state->length + 3 > state->room) {
    size_t room = state->room * 2 + 64;
    char *word = realloc(state->word, room);
    if (word == NULL)
      return WRDE_NOSPACE;
    state->word = word, state->room = room;
  }
  if (quoted && strchr("\\*?[]", sign))
    state->word[state->length++] = '\\';
  state->word[state->length++] = sign;
  state->word[state->length] = 0;
  state->started = 1;
  return 0;
}

static int keep(struct state *state, const char *text) {
  wordexp_t *to = state->to;
  size_t first = state->flags & WRDE_DOOFFS ? to->we_offs : 0;
  char **list = realloc(to->we_wordv, (first + to->we_wordc + 2) * sizeof *list), *copy = strdup(text);
  if (list)
    to->we_wordv = list;
  if (list == NULL || copy == NULL) {
    free(copy);
    return WRDE_NOSPACE;
  }
  list[first + to->we_wordc++] = copy;
  list[first + to->we_wordc] = NULL;
  return 0;
}

/* The word is whole: what it matches, or itself. */
static int finish(struct state *state) {
  glob_t found;
  if (!state->started)
    return 0;
  state->started = 0;
  if (state->length == 0)
    return keep(state, "");
  state->length = 0;
  int error = glob(state->word, 0, NULL, &found);
  if (error == GLOB_NOSPACE)
    return WRDE_NOSPACE;
  if (error) { /* without its escapes */
    char *out = state->word;
    for (const char *at = state->word; *at; at++) {
      if (*at == '\\' && at[1])
        at++;
      *out++ = *at;
    }
    *out = 0;
    return keep(state, state->word);
  }
  for (size_t i = 0; i < found.gl_pathc && error == 0; i++)
    error = keep(state, found.gl_pathv[i]);
  globfree(&found);
  return error;
}

static int put_value(struct state *state, const char *value, int quoted) {
  const char *between = getenv("IFS");
  int error = 0;
  if (between == NULL)
    between = " \t\n";
  for (; *value && error == 0; value++)
    error = !quoted && strchr(between, *value) ? finish(state) : put(state, *value, quoted);
  if (quoted)
    state->started = 1;
  return error;
}

/* $name, ${name}, ${name:-text} and the like behind the $; moves on. */
static int variable(struct state *state, const char **text, int quoted) {
  char name[256];
  const char *at = *text;
  int braced = *at == '{', colon = 0, error = 0;
  at += braced;
  size_t length = 0;
  if (*at == '(')
    return WRDE_CMDSUB;
  while (isalnum((unsigned char)at[length]) || at[length] == '_')
    length++;
  if (length == 0 || isdigit((unsigned char)*at) || length >= sizeof name)
    return braced ? WRDE_SYNTAX : put(state, '$', quoted);
  memcpy(name, at, length);
  name[length] = 0;
  at += length;
  const char *value = getenv(name), *other = "";
  char sign = 0;
  size_t size = 0;
  if (braced) {
    colon = *at == ':';
    at += colon;
    if (*at && strchr("-+?=", *at))
      sign = *at++;
    else if (colon || *at != '}')
      return WRDE_SYNTAX;
    size = strcspn(at, "}");
    if (at[size] == 0)
      return WRDE_SYNTAX;
    other = at;
    at += size + 1;
  }
  *text = at;
  int set = value && !(colon && *value == 0);
  if (sign == '?' && !set)
    return WRDE_BADVAL;
  if (sign == '+' ? set : sign && !set) {
    char *copy = strndup(other, size);
    if (copy == NULL)
      return WRDE_NOSPACE;
    if (sign == '=')
      setenv(name, copy, 1);
    error = put_value(state, copy, quoted);
    free(copy);
    return error;
  }
  if (value == NULL)
    return state->flags & WRDE_UNDEF && !sign ? WRDE_BADVAL : 0;
  return sign == '+' ? 0 : put_value(state, value, quoted);
}

/* What is in double quotes, behind the first of them; moves behind the last. */
static int quoted(struct state *state, const char **text) {
  int error = 0;
  state->started = 1;
  while (**text != '"' && error == 0) {
    char sign = *(*text)++;
    if (sign == 0)
      return WRDE_SYNTAX;
    if (sign == '`')
      return WRDE_CMDSUB;
    if (sign == '$')
      error = variable(state, text, 1);
    else if (sign == '\\' && **text && strchr("$`\"\\\n", **text))
      sign = *(*text)++, error = sign == '\n' ? 0 : put(state, sign, 1);
    else
      error = put(state, sign, 1);
  }
  (*text)++;
  return error;
}

static int expand(struct state *state, const char *text) {
  int error = 0;
  while (*text && error == 0) {
    char sign = *text++;
    if (strchr(" \t\n", sign)) {
      error = finish(state);
    } else if (strchr("|&;<>(){}", sign)) {
      return WRDE_BADCHAR;
    } else if (sign == '`') {
      return WRDE_CMDSUB;
    } else if (sign == '$') {
      error = variable(state, &text, 0);
    } else if (sign == '"') {
      error = quoted(state, &text);
    } else if (sign == '\'') {
      for (state->started = 1; *text != '\'' && error == 0; text++)
        error = *text ? put(state, *text, 1) : WRDE_SYNTAX;
      text += error == 0;
    } else if (sign == '\\') {
      error = *text ? put(state, *text++, 1) : WRDE_SYNTAX;
    } else if (sign == '~' && !state->started && (*text == 0 || strchr("/ \t\n", *text))) {
      const char *home = getenv("HOME");
      error = put_value(state, home ? home : "/", 1);
    } else {
      error = put(state, sign, 0);
    }
  }
  return error ? error : finish(state);
}

int wordexp(const char *restrict text, wordexp_t *restrict to, int flags) {
  struct state state = {.to = to, .flags = flags};
  if (flags & WRDE_REUSE)
    wordfree(to);
  if (!(flags & WRDE_APPEND)) {
    size_t first = flags & WRDE_DOOFFS ? to->we_offs : 0;
    to->we_wordc = 0;
    if ((to->we_wordv = calloc(first + 1, sizeof *to->we_wordv)) == NULL)
      return WRDE_NOSPACE;
    if (!(flags & WRDE_DOOFFS))
      to->we_offs = 0;
  }
  int error = expand(&state, text);
  free(state.word);
  return error;
}

void wordfree(wordexp_t *to) {
  for (size_t i = 0; to->we_wordv && i < to->we_wordc; i++)
    free(to->we_wordv[to->we_offs + i]);
  free(to->we_wordv);
  to->we_wordv = NULL;
  to->we_wordc = 0;
}
