/* What the files about character sets share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef ICONV_SIDE_H
#define ICONV_SIDE_H

#include <stddef.h>
#include <stdint.h>

enum { UPPER = 128, SIGNS_MAX = 8 /* of a transliteration */, REPLACEMENT = 0xfffd, UNICODE_END = 0x110000 };

/* What decode() and encode() give instead of a number of bytes. */
enum { INVALID = -1, INCOMPLETE = -2, NO_ROOM = -3, NO_SIGN = -4 };

/* decode() adds this to the bytes of a mark, which is no character. */
enum { MARK_BYTES = 16 };

enum form { ASCII, LATIN1, ONE_BYTE, UTF8, UTF16, UCS2, UTF32 };

/* One side of a conversion. The order of bytes of UTF-16 and -32 may be told by a mark at the beginning of the text. */
struct side {
  enum form form;
  int big_endian;
  int marked;  /* the encoding has a mark */
  int started; /* it was read or written */
  const uint16_t *upper;
  unsigned char order[UPPER]; /* indices of `upper` by their characters, for encoding */
};

/* Find an encoding by its name; 0 where there is none. */
int __hermit_charset(const char *name, size_t length, struct side *side);

/* Bytes that a character takes, which is stored, or a negative value. */
int __hermit_decode(struct side *side, const unsigned char *from, size_t size, uint32_t *sign);
int __hermit_encode(struct side *side, uint32_t sign, unsigned char *to, size_t size);

/* Signs of ASCII that stand for a character, or NULL. */
const char *__hermit_transliterate(uint32_t sign, char *own);

#endif
