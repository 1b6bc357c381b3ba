/* The environment: putenv() keeps the caller's own string, setenv() a copy, which is freed once it is replaced. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <envlock.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

extern char **environ;

static char **ours;   /* the array that we made; environ may be another */
static size_t room;   /* of that array, without the NULL that ends it */
static char **copies; /* strings that we made; NULL: a free place */
static size_t copies_room;

/* Length of a name that may be set, or 0. */
static size_t valid(const char *name) {
  size_t length = name ? strcspn(name, "=") : 0;
  return length && name[length] == 0 ? length : 0;
}

static char **find(const char *name, size_t length) {
  for (char **at = environ; at && *at; at++)
    if (strncmp(*at, name, length) == 0 && (*at)[length] == '=')
      return at;
  return NULL;
}

/* Forget a string that left the environment; one that is the caller's stays. */
static void drop(char *text) {
  for (size_t i = 0; i < copies_room; i++)
    if (copies[i] == text) {
      free(text);
      copies[i] = NULL;
      return;
    }
}

static int note(char *text) {
  size_t at = 0;
  while (at < copies_room && copies[at])
    at++;
  if (at == copies_room) {
    size_t more = copies_room ? copies_room * 2 : 16;
    char **grown = realloc(copies, more * sizeof *grown);
    if (grown == NULL)
      return -1;
    memset(grown + copies_room, 0, (more - copies_room) * sizeof *grown);
    copies = grown, copies_room = more;
  }
  copies[at] = text;
  return 0;
}

/* Put a whole string "name=value" into the environment; -1 where there is no memory. */
static int put(char *text, size_t length) {
  char **place = find(text, length), *old;
  if (place) {
    old = *place;
    *place = text;
    if (old != text)
      drop(old);
    return 0;
  }
  size_t count = 0;
  while (environ && environ[count])
    count++;
  if (environ != ours || count == room) {
    size_t more = count + count / 2 + 16;
    char **grown = realloc(environ == ours ? ours : NULL, (more + 1) * sizeof *grown);
    if (grown == NULL)
      return -1;
    if (environ != ours) {
      free(ours);
      if (count)
        memcpy(grown, environ, count * sizeof *grown);
    }
    environ = ours = grown;
    room = more;
  }
  environ[count] = text;
  environ[count + 1] = NULL;
  return 0;
}

int setenv(const char *name, const char *value, int replace) {
  size_t length = valid(name), size = strlen(value) + 1;
  if (length == 0)
    return fails(EINVAL);
  __env_lock(_REENT);
  int error = 0;
  if (replace || find(name, length) == NULL) {
    char *text = malloc(length + 1 + size);
    error = -1;
    if (text) {
      memcpy(text, name, length);
      text[length] = '=';
      memcpy(text + length + 1, value, size);
      if (note(text) == 0 && (error = put(text, length)) < 0)
        drop(text), text = NULL;
    }
    if (error < 0)
      errno = ENOMEM;
  }
  __env_unlock(_REENT);
  return error;
}

/* As glibc: a string without '=' takes the variable out. */
int putenv(char *text) {
  size_t length = strcspn(text, "=");
  if (text[length] == 0)
    return unsetenv(text);
  if (length == 0)
    return fails(EINVAL);
  __env_lock(_REENT);
  int error = put(text, length);
  __env_unlock(_REENT);
  return error < 0 ? fails(ENOMEM) : 0;
}

int unsetenv(const char *name) {
  size_t length = valid(name);
  if (length == 0)
    return fails(EINVAL);
  __env_lock(_REENT);
  for (char **place; (place = find(name, length)) != NULL;) {
    char *old = *place;
    do
      place[0] = place[1];
    while (*place++);
    drop(old);
  }
  __env_unlock(_REENT);
  return 0;
}

int clearenv(void) {
  __env_lock(_REENT);
  for (size_t i = 0; i < copies_room; i++) {
    free(copies[i]);
    copies[i] = NULL;
  }
  environ = NULL;
  __env_unlock(_REENT);
  return 0;
}

/* newlib's other names for them. */
char *_findenv_r(struct _reent *reent, const char *name, int *offset) {
  (void)reent;
  __env_lock(_REENT);
  size_t length = strcspn(name, "=");
  char **place = name[length] ? NULL : find(name, length), *value = NULL;
  if (place) {
    *offset = (int)(place - environ);
    value = *place + length + 1;
  }
  __env_unlock(_REENT);
  return value;
}

char *_findenv(const char *name, int *offset) { return _findenv_r(_REENT, name, offset); }

char *_getenv_r(struct _reent *reent, const char *name) {
  int offset;
  return _findenv_r(reent, name, &offset);
}

char *getenv(const char *name) { return _getenv_r(_REENT, name); }

char *secure_getenv(const char *name) { return getenv(name); }

int _setenv_r(struct _reent *reent, const char *name, const char *value, int replace) {
  (void)reent;
  return setenv(name, value, replace);
}

int _unsetenv_r(struct _reent *reent, const char *name) {
  (void)reent;
  return unsetenv(name);
}

int _putenv_r(struct _reent *reent, char *text) {
  (void)reent;
  return putenv(text);
}
