/* C11's characters of 16 and 32 bits: both are Unicode, as wchar_t is; pairs of 16 wait in the state. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>
#include <string.h>
#include <uchar.h>
#include <wchar.h>

#include "../port/port.h"

enum { HIGH = 0xd800, LOW = 0xdc00, END = 0xe000, MASK = 0x3ff, PLANE = 0x10000, WAITS = 0x4000 };

/* newlib's counts of bytes are 4 at most; a waiting half is marked by a count that no encoding has. */
static unsigned waiting(const mbstate_t *state) { return state->__count == WAITS ? (unsigned)state->__value.__wch : 0; }

static void wait_with(mbstate_t *state, unsigned half) {
  memset(state, 0, sizeof *state);
  if (half) {
    state->__count = WAITS;
    state->__value.__wch = (wint_t)half;
  }
}

size_t mbrtoc32(char32_t *restrict to, const char *restrict from, size_t size, mbstate_t *restrict state) {
  static mbstate_t own;
  wchar_t sign = 0;
  size_t taken = mbrtowc(&sign, from ? from : "", from ? size : 1, state ? state : &own);
  if (to && from && taken <= size)
    *to = (char32_t)sign;
  return taken;
}

size_t c32rtomb(char *restrict to, char32_t sign, mbstate_t *restrict state) {
  static mbstate_t own;
  return wcrtomb(to, (wchar_t)sign, state ? state : &own);
}

size_t mbrtoc16(char16_t *restrict to, const char *restrict from, size_t size, mbstate_t *restrict state) {
  static mbstate_t own;
  if (state == NULL)
    state = &own;
  unsigned half = waiting(state);
  if (from == NULL && half == 0)
    return mbrtoc16(NULL, "", 1, state);
  if (half) {
    wait_with(state, 0);
    if (to && from)
      *to = (char16_t)half;
    return from ? (size_t)-3 : 0;
  }
  wchar_t sign = 0;
  size_t taken = mbrtowc(&sign, from, size, state);
  if (taken > size)
    return taken;
  char16_t first = (char16_t)sign;
  if (sign >= PLANE) {
    first = (char16_t)(HIGH + ((sign - PLANE) >> 10));
    wait_with(state, LOW + ((unsigned)(sign - PLANE) & MASK));
  }
  if (to)
    *to = first;
  return taken;
}

size_t c16rtomb(char *restrict to, char16_t sign, mbstate_t *restrict state) {
  static mbstate_t own;
  if (state == NULL)
    state = &own;
  unsigned half = waiting(state);
  if (to == NULL) {
    if (half)
      return errno = EILSEQ, (size_t)-1;
    return 1;
  }
  wait_with(state, 0);
  if (half == 0 && sign >= HIGH && sign < LOW) {
    wait_with(state, sign);
    return 0;
  }
  if (half ? sign < LOW || sign >= END : sign >= LOW && sign < END)
    return errno = EILSEQ, (size_t)-1;
  wchar_t whole = half ? (wchar_t)(PLANE + ((half - HIGH) << 10) + (sign - LOW)) : (wchar_t)sign;
  return wcrtomb(to, whole, state);
}
