/* Blocks and lines of streams that lie within the buffer; newlib does what reaches beyond it, and the first use. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>
#include <sys/single_threaded.h>

#include "newlib/port/lock.h"

/* newlib's, by the names that libc.json gives them. */
size_t __newlib__fread_r(struct _reent *, void *restrict, size_t, size_t, FILE *restrict);
size_t __newlib__fwrite_r(struct _reent *, const void *restrict, size_t, size_t, FILE *restrict);
int __newlib__fputs_r(struct _reent *, const char *restrict, FILE *restrict);
char *__newlib__fgets_r(struct _reent *, char *restrict, int, FILE *restrict);

/* Without the lock as long as there is one thread. No cancellation can come in between: nothing here waits but for
   the lock, which is no cancellation point. */
static int locked(FILE *stream) {
  if (__libc_single_threaded)
    return 0;
  lock_stream(stream);
  return 1;
}

/* Some room is left behind it: a stream that writes each line at once has none, nor has one that is not set up. */
static int append(FILE *stream, const void *data, size_t n) {
  if (stream->_w <= 0 || n >= (size_t)stream->_w)
    return 0;
  memcpy(stream->_p, data, n);
  stream->_p += n;
  stream->_w -= (int)n;
  return 1;
}

static int take(FILE *stream, void *data, size_t n) {
  if (stream->_r <= 0 || n > (size_t)stream->_r)
    return 0;
  memcpy(data, stream->_p, n);
  stream->_p += n;
  stream->_r -= (int)n;
  return 1;
}

size_t _fwrite_r(struct _reent *reent, const void *restrict data, size_t size, size_t count, FILE *restrict stream) {
  size_t n;
  if (__builtin_mul_overflow(size, count, &n) || n == 0)
    return __newlib__fwrite_r(reent, data, size, count, stream);
  int unlocks = locked(stream), done = append(stream, data, n);
  if (unlocks)
    unlock_stream(stream);
  return done ? count : __newlib__fwrite_r(reent, data, size, count, stream);
}

size_t _fread_r(struct _reent *reent, void *restrict data, size_t size, size_t count, FILE *restrict stream) {
  size_t n;
  if (__builtin_mul_overflow(size, count, &n) || n == 0)
    return __newlib__fread_r(reent, data, size, count, stream);
  int unlocks = locked(stream), done = take(stream, data, n);
  if (unlocks)
    unlock_stream(stream);
  return done ? count : __newlib__fread_r(reent, data, size, count, stream);
}

int _fputs_r(struct _reent *reent, const char *restrict text, FILE *restrict stream) {
  size_t n = strlen(text);
  int unlocks = locked(stream), done = append(stream, text, n);
  if (unlocks)
    unlock_stream(stream);
  return done ? 0 : __newlib__fputs_r(reent, text, stream);
}

/* A whole line that is in the buffer. */
static int take_line(FILE *stream, char *line, int size) {
  if (stream->_r <= 0 || size < 2)
    return 0;
  size_t most = stream->_r < size - 1 ? (size_t)stream->_r : (size_t)size - 1;
  char *end = memchr(stream->_p, '\n', most);
  if (end == NULL)
    return 0;
  size_t n = (size_t)(end + 1 - (char *)stream->_p);
  line[n] = 0;
  return take(stream, line, n);
}

char *_fgets_r(struct _reent *reent, char *restrict line, int size, FILE *restrict stream) {
  int unlocks = locked(stream), done = take_line(stream, line, size);
  if (unlocks)
    unlock_stream(stream);
  return done ? line : __newlib__fgets_r(reent, line, size, stream);
}

size_t fwrite(const void *restrict data, size_t size, size_t count, FILE *restrict stream) {
  return _fwrite_r(_REENT, data, size, count, stream);
}

size_t fread(void *restrict data, size_t size, size_t count, FILE *restrict stream) {
  return _fread_r(_REENT, data, size, count, stream);
}

int fputs(const char *restrict text, FILE *restrict stream) { return _fputs_r(_REENT, text, stream); }

char *fgets(char *restrict line, int size, FILE *restrict stream) { return _fgets_r(_REENT, line, size, stream); }
