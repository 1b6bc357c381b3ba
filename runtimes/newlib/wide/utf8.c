/* UTF-8 for newlib's multibyte functions: exact, so that no surrogates, no overlong forms, nothing above U+10FFFF pass. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>
#include <wchar.h>

#include "../port/port.h"

/* What of a character was read before: its bits in __wch, and in __count the bytes read and those there must be. */
enum { NEEDED = 16, PLANE = 0x10000, END = 0x110000, SURROGATES = 0xd800, SURROGATES_END = 0xe000 };

extern int __utf8_mbtowc(struct _reent *, wchar_t *, const char *, size_t, mbstate_t *);
extern int __utf8_wctomb(struct _reent *, char *, wchar_t, mbstate_t *);

static int invalid(struct _reent *reent, mbstate_t *state) {
  state->__count = 0;
  reent->_errno = EILSEQ;
  return -1;
}

/* Bytes of a character that begins so; 0: none does. */
static int length_of(unsigned char first) {
  return first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

/* Whether the second byte leaves a character possible: after E0, ED, F0 and F4 not all of them do. */
static int second_fits(uint32_t bits, int needed) {
  if (needed == 3)
    return bits >= 0x20 && (bits < SURROGATES >> 6 || bits >= SURROGATES_END >> 6);
  return needed != 4 || (bits >= PLANE >> 12 && bits < END >> 12);
}

int __utf8_mbtowc(struct _reent *reent, wchar_t *to, const char *from, size_t size, mbstate_t *state) {
  if (from == NULL)
    return state->__count = 0, 0;
  int taken = 0, read = state->__count % NEEDED, needed = state->__count / NEEDED;
  uint32_t bits = read ? (uint32_t)state->__value.__wch : 0;
  for (; (size_t)taken < size; taken++) {
    unsigned char byte = (unsigned char)from[taken];
    if (read == 0) {
      needed = length_of(byte);
      if (needed == 0)
        return invalid(reent, state);
      bits = needed == 1 ? byte : byte & (0xffU >> (needed + 1));
    } else {
      if ((byte & 0xc0) != 0x80)
        return invalid(reent, state);
      bits = bits << 6 | (byte & 0x3f);
      if (read == 1 && !second_fits(bits, needed))
        return invalid(reent, state);
    }
    if (++read == needed) {
      state->__count = 0;
      if (to)
        *to = (wchar_t)bits;
      return bits ? taken + 1 : 0;
    }
  }
  state->__count = read ? needed * NEEDED + read : 0;
  state->__value.__wch = (wint_t)bits;
  return -2;
}

int __utf8_wctomb(struct _reent *reent, char *to, wchar_t sign, mbstate_t *state) {
  uint32_t bits = (uint32_t)sign;
  (void)state;
  if (to == NULL)
    return 0;
  if (bits < 0x80)
    return *to = (char)bits, 1;
  if (bits >= END || (bits >= SURROGATES && bits < SURROGATES_END)) {
    reent->_errno = EILSEQ;
    return -1;
  }
  int length = bits < 0x800 ? 2 : bits < PLANE ? 3 : 4;
  for (int i = length - 1; i > 0; i--, bits >>= 6)
    to[i] = (char)(0x80 | (bits & 0x3f));
  to[0] = (char)(0xf00U >> length | bits);
  return length;
}
