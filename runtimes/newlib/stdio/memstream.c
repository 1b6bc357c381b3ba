/* Streams in memory that grow: open_memstream() and open_wmemstream(). What was behind the place of a write stays. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "../port/port.h"

/* Counts are in units: bytes, or wide characters. The caller sees the buffer after each flush and at the end. */
struct memory {
  char *buffer;
  char **shown;
  size_t *shown_size;
  size_t place, size, room; /* where the next write goes, what was written, what fits */
  int wide;
  mbstate_t state;
};

static size_t unit(const struct memory *memory) { return memory->wide ? sizeof(wchar_t) : 1; }

/* Room for `need` units and a NUL; new room is zeros. */
static int grow(struct memory *memory, size_t need) {
  if (need < memory->room)
    return 0;
  size_t room = need + need / 2 + 64;
  char *grown = realloc(memory->buffer, room * unit(memory));
  if (grown == NULL)
    return fails(ENOMEM);
  memset(grown + memory->room * unit(memory), 0, (room - memory->room) * unit(memory));
  memory->buffer = grown, memory->room = room;
  return 0;
}

/* The size is what was written, or the place where that is less. */
static void show(struct memory *memory) {
  *memory->shown = memory->buffer;
  *memory->shown_size = memory->place < memory->size ? memory->place : memory->size;
}

static ssize_t write_bytes(struct memory *memory, const char *from, size_t length) {
  if (grow(memory, memory->place + length) < 0)
    return -1;
  memcpy(memory->buffer + memory->place, from, length);
  memory->place += length;
  return (ssize_t)length;
}

static ssize_t write_wide(struct memory *memory, const char *from, size_t length) {
  for (size_t at = 0; at < length;) {
    wchar_t sign = 0;
    size_t taken = mbrtowc(&sign, from + at, length - at, &memory->state);
    if (taken == (size_t)-2)
      break;
    if (taken == (size_t)-1 || grow(memory, memory->place + 1) < 0)
      return -1;
    ((wchar_t *)memory->buffer)[memory->place++] = sign;
    at += taken ? taken : 1;
  }
  return (ssize_t)length;
}

static ssize_t put(void *cookie, const char *from, size_t length) {
  struct memory *memory = cookie;
  ssize_t written = memory->wide ? write_wide(memory, from, length) : write_bytes(memory, from, length);
  if (memory->place > memory->size) {
    memory->size = memory->place;
    memset(memory->buffer + memory->size * unit(memory), 0, unit(memory));
  }
  show(memory);
  return written;
}

static int seek(void *cookie, off_t *offset, int whence) {
  struct memory *memory = cookie;
  off_t base = whence == SEEK_SET ? 0 : (off_t)(whence == SEEK_CUR ? memory->place : memory->size);
  if (whence < SEEK_SET || whence > SEEK_END || *offset < -base || *offset > LONG_MAX / 8 - base)
    return fails(EINVAL);
  if (grow(memory, (size_t)(base + *offset)) < 0)
    return -1;
  memory->place = (size_t)(base + *offset);
  memset(&memory->state, 0, sizeof memory->state);
  *offset = (off_t)memory->place;
  show(memory);
  return 0;
}

static int end(void *cookie) {
  free(cookie);
  return 0;
}

static FILE *open_memory(char **shown, size_t *size, int wide) {
  struct memory *memory = shown && size ? calloc(1, sizeof *memory) : NULL;
  if (memory == NULL)
    return errno = shown && size ? ENOMEM : EINVAL, NULL;
  *memory = (struct memory){.shown = shown, .shown_size = size, .wide = wide};
  cookie_io_functions_t functions = {.write = put, .seek = seek, .close = end};
  FILE *stream = grow(memory, 0) == 0 ? fopencookie(memory, "w", functions) : NULL;
  if (stream == NULL) {
    free(memory->buffer);
    free(memory);
    return NULL;
  }
  fwide(stream, wide ? 1 : -1);
  show(memory);
  return stream;
}

FILE *open_memstream(char **buffer, size_t *size) { return open_memory(buffer, size, 0); }

FILE *open_wmemstream(wchar_t **buffer, size_t *size) { return open_memory((char **)buffer, size, 1); }
