/* Single characters of streams. Newlib's lock the stream, and hold off cancellation, for each of them, which takes ten
   times as long as the character; alone in the program, there is nobody to keep out. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <stdio.h>
#include <sys/single_threaded.h>

#include "newlib/port/lock.h"

#undef getc
#undef putc
#undef getchar
#undef putchar

/* Only what goes beyond the buffer may block; a cancellation there would leave the stream locked. */
static int get_slowly(struct _reent *reent, FILE *stream) {
  int state;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  int got = __sgetc_r(reent, stream);
  pthread_setcancelstate(state, NULL);
  return got;
}

static int put_slowly(struct _reent *reent, int character, FILE *stream) {
  int state;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  int put = __sputc_r(reent, character, stream);
  pthread_setcancelstate(state, NULL);
  return put;
}

int _getc_r(struct _reent *reent, FILE *stream) {
  if (__libc_single_threaded)
    return __sgetc_r(reent, stream);
  lock_stream(stream);
  int got = stream->_r > 0 ? __sgetc_r(reent, stream) : get_slowly(reent, stream);
  unlock_stream(stream);
  return got;
}

int _putc_r(struct _reent *reent, int character, FILE *stream) {
  if (__libc_single_threaded)
    return __sputc_r(reent, character, stream);
  lock_stream(stream);
  int fits = stream->_w > 0 || (stream->_w > stream->_lbfsize && character != '\n');
  int put = fits ? __sputc_r(reent, character, stream) : put_slowly(reent, character, stream);
  unlock_stream(stream);
  return put;
}

int getc(FILE *stream) { return _getc_r(_REENT, stream); }
int fgetc(FILE *stream) { return _getc_r(_REENT, stream); }
int _fgetc_r(struct _reent *reent, FILE *stream) { return _getc_r(reent, stream); }
int getchar(void) { return getc(stdin); }
int _getchar_r(struct _reent *reent) { return _getc_r(reent, stdin); }
int putc(int character, FILE *stream) { return _putc_r(_REENT, character, stream); }
int fputc(int character, FILE *stream) { return _putc_r(_REENT, character, stream); }
int _fputc_r(struct _reent *reent, int character, FILE *stream) { return _putc_r(reent, character, stream); }
int putchar(int character) { return putc(character, stdout); }
int _putchar_r(struct _reent *reent, int character) { return _putc_r(reent, character, stdout); }
