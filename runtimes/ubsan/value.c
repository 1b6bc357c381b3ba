/* Values as gcc hands them to -fsanitize=undefined's functions, and as text. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>

#include "ubsan.h"

int ubsan_is_signed(const struct type *type) { return type->kind == KIND_INTEGER && type->info & 1; }

unsigned ubsan_width(const struct type *type) {
  return type->kind == KIND_INTEGER ? 1U << (type->info >> 1) : type->info;
}

wide ubsan_integer(const struct type *type, value bits) {
  unsigned width = ubsan_width(type);
  wide result;
  if (width > 64) {
    memcpy(&result, (const void *)bits, sizeof result);
    return result;
  }
  if (!ubsan_is_signed(type))
    return (wide)(uint64_t)bits;
  return (int64_t)((uint64_t)bits << (64 - width)) >> (64 - width);
}

int ubsan_is_negative(const struct type *type, value bits) {
  return ubsan_is_signed(type) && ubsan_integer(type, bits) < 0;
}

/* Wider than 64 bits: in base 16, as libubsan does. */
static void integer_text(const struct type *type, value bits, char *text) {
  wide number = ubsan_integer(type, bits);
  unsigned __int128 plain = (unsigned __int128)number;
  if (ubsan_is_signed(type) && number >= INT64_MIN && number <= INT64_MAX)
    snprintf(text, VALUE_TEXT, "%lld", (long long)number);
  else if (plain <= UINT64_MAX)
    snprintf(text, VALUE_TEXT, "%llu", (unsigned long long)plain);
  else
    snprintf(text, VALUE_TEXT, "0x%08x%08x%08x%08x", (unsigned)(plain >> 96), (unsigned)(plain >> 64),
             (unsigned)(plain >> 32), (unsigned)plain);
}

static void float_text(const struct type *type, value bits, char *text) {
  long double number;
  float narrow;
  double usual;
  switch (ubsan_width(type)) {
  case 32:
    memcpy(&narrow, &bits, sizeof narrow);
    number = narrow;
    break;
  case 64:
    memcpy(&usual, &bits, sizeof usual);
    number = usual;
    break;
  case 80:
  case 96:
  case 128:
    memcpy(&number, (const void *)bits, sizeof number);
    break;
  default:
    snprintf(text, VALUE_TEXT, "<a value of %u bits>", ubsan_width(type));
    return;
  }
  snprintf(text, VALUE_TEXT, "%Lg", number);
}

const char *ubsan_text(const struct type *type, value bits, char *text) {
  if (type->kind == KIND_INTEGER)
    integer_text(type, bits, text);
  else if (type->kind == KIND_FLOAT)
    float_text(type, bits, text);
  else
    snprintf(text, VALUE_TEXT, "<unknown>");
  return text;
}
