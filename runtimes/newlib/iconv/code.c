/* Characters from bytes, and bytes from characters. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "side.h"

enum { MARK = 0xfeff, HIGH = 0xd800, LOW = 0xdc00, SURROGATE_END = 0xe000, PLANE = 0x10000 };

static int is_surrogate(uint32_t sign) { return sign >= HIGH && sign < SURROGATE_END; }

static int decode_utf8(const unsigned char *from, size_t size, uint32_t *sign) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, PLANE};
  int length = *from < 0x80 ? 1 : *from < 0xc2 ? 0 : *from < 0xe0 ? 2 : *from < 0xf0 ? 3 : *from < 0xf5 ? 4 : 0;
  if (length == 0)
    return INVALID;
  uint32_t value = length == 1 ? *from : *from & (0xffU >> (length + 1));
  for (int i = 1; i < length; i++) {
    if ((size_t)i == size)
      return INCOMPLETE;
    if ((from[i] & 0xc0) != 0x80)
      return INVALID;
    value = value << 6 | (from[i] & 0x3f);
    /* the first two bytes tell already that nothing can come of it */
    uint32_t first = value << 6 * (length - 1 - i), last = first | ((1U << 6 * (length - 1 - i)) - 1);
    if (last < least[length] || first >= UNICODE_END || (is_surrogate(first) && is_surrogate(last)))
      return INVALID;
  }
  *sign = value;
  return length;
}

static uint32_t unit(const struct side *side, const unsigned char *from, int size) {
  uint32_t value = 0;
  for (int i = 0; i < size; i++)
    value = value << 8 | from[side->big_endian ? i : size - 1 - i];
  return value;
}

static int decode_units(struct side *side, const unsigned char *from, size_t size, uint32_t *sign) {
  int width = side->form == UTF32 ? 4 : 2;
  if (size < (size_t)width)
    return INCOMPLETE;
  uint32_t value = unit(side, from, width);
  if (side->form == UTF32) {
    if (value >= UNICODE_END || is_surrogate(value))
      return INVALID;
  } else if (is_surrogate(value)) {
    if (value >= LOW || side->form == UCS2)
      return INVALID;
    if (size < 4)
      return INCOMPLETE;
    uint32_t second = unit(side, from + 2, 2);
    if (second < LOW || second >= SURROGATE_END)
      return INVALID;
    value = PLANE + ((value - HIGH) << 10) + (second - LOW);
    width = 4;
  }
  *sign = value;
  return width;
}

int __hermit_decode(struct side *side, const unsigned char *from, size_t size, uint32_t *sign) {
  switch (side->form) {
  case ASCII:
    *sign = *from;
    return *from < UPPER ? 1 : INVALID;
  case LATIN1:
    *sign = *from;
    return 1;
  case ONE_BYTE:
    *sign = *from < UPPER ? *from : side->upper[*from - UPPER];
    return *sign || *from == 0 ? 1 : INVALID;
  case UTF8:
    return decode_utf8(from, size, sign);
  default:
    break;
  }
  if (side->marked && !side->started) {
    int width = side->form == UTF32 ? 4 : 2;
    if (size < (size_t)width)
      return INCOMPLETE;
    side->started = 1;
    uint32_t first = unit(side, from, width);
    if (first == MARK || first == (width == 4 ? 0xfffe0000U : 0xfffeU)) {
      side->big_endian ^= first != MARK;
      *sign = MARK;
      return width + MARK_BYTES; /* the mark is no character of the text */
    }
  }
  return decode_units(side, from, size, sign);
}

static int encode_utf8(uint32_t sign, unsigned char *to, size_t size) {
  int length = sign < 0x80 ? 1 : sign < 0x800 ? 2 : sign < PLANE ? 3 : 4;
  if (size < (size_t)length)
    return NO_ROOM;
  if (length == 1) {
    *to = (unsigned char)sign;
    return 1;
  }
  for (int i = length - 1; i > 0; i--, sign >>= 6)
    to[i] = (unsigned char)(0x80 | (sign & 0x3f));
  to[0] = (unsigned char)(0xf00U >> length | sign);
  return length;
}

static void put_unit(const struct side *side, uint32_t value, unsigned char *to, int size) {
  for (int i = 0; i < size; i++, value >>= 8)
    to[side->big_endian ? size - 1 - i : i] = (unsigned char)value;
}

static int encode_units(struct side *side, uint32_t sign, unsigned char *to, size_t size) {
  int width = side->form == UTF32 ? 4 : 2, mark = side->marked && !side->started ? width : 0;
  int pair = width == 2 && sign >= PLANE;
  if (pair && side->form == UCS2)
    return NO_SIGN;
  if (size < (size_t)(mark + width * (1 + pair)))
    return NO_ROOM;
  if (mark)
    put_unit(side, MARK, to, width);
  side->started = 1;
  if (pair) {
    put_unit(side, HIGH + ((sign - PLANE) >> 10), to + mark, width);
    put_unit(side, LOW + ((sign - PLANE) & 0x3ff), to + mark + width, width);
  } else {
    put_unit(side, sign, to + mark, width);
  }
  return mark + width * (1 + pair);
}

static int encode_byte(const struct side *side, uint32_t sign, unsigned char *to) {
  int low = 0, high = UPPER - 1;
  while (low <= high) {
    int middle = (low + high) / 2, index = side->order[middle];
    if (side->upper[index] == sign) {
      *to = (unsigned char)(UPPER + index);
      return 1;
    }
    if (side->upper[index] < sign)
      low = middle + 1;
    else
      high = middle - 1;
  }
  return NO_SIGN;
}

int __hermit_encode(struct side *side, uint32_t sign, unsigned char *to, size_t size) {
  if (side->form == UTF8)
    return encode_utf8(sign, to, size);
  if (side->form >= UTF16)
    return encode_units(side, sign, to, size);
  if (sign >= UPPER && !(side->form == LATIN1 && sign <= 0xff) && side->form != ONE_BYTE)
    return NO_SIGN;
  if (size == 0)
    return NO_ROOM;
  if (sign >= UPPER && side->form == ONE_BYTE)
    return encode_byte(side, sign, to);
  *to = (unsigned char)sign;
  return 1;
}
