/* Letters without their case, for compare.h: ASCII's, which are all that newlib's locales here know. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef STRING_FOLD_H
#define STRING_FOLD_H

#define CASE ('a' - 'A')
/* Moved such that 'Z' is the largest signed byte, letters are all that is larger than what lies before 'A'. */
#define LETTERS(x) GREATER(ADD(WITHOUT(x, SPLAT(CASE)), SPLAT(0x7f - 'Z')), SPLAT(0x7f - 'Z' + 'A' - 1))
#define SAME(x, y) EQUAL(WITHOUT(XOR(x, y), AND(LETTERS(x), SPLAT(CASE))), ZERO)
#define FOLD_BYTE(byte) fold_byte(byte)

static inline int fold_byte(unsigned char byte) { return byte >= 'A' && byte <= 'Z' ? byte + 'a' - 'A' : byte; }

#endif
