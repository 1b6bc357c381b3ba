/* -fsanitize=undefined: results that their type cannot hold. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ubsan.h"

static void binary(struct overflow *data, value left, value right, char sign) {
  struct place seen;
  char a[VALUE_TEXT], b[VALUE_TEXT];
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "%s integer overflow: %s %c %s cannot be represented in type %s",
               ubsan_is_signed(data->type) ? "signed" : "unsigned", ubsan_text(data->type, left, a), sign,
               ubsan_text(data->type, right, b), data->type->name);
  ubsan_done();
}

static void handle_add_overflow(struct overflow *data, value left, value right) { binary(data, left, right, '+'); }
static void handle_sub_overflow(struct overflow *data, value left, value right) { binary(data, left, right, '-'); }
static void handle_mul_overflow(struct overflow *data, value left, value right) { binary(data, left, right, '*'); }

static void handle_negate_overflow(struct overflow *data, value old) {
  struct place seen;
  char text[VALUE_TEXT];
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "negation of %s cannot be represented in type %s%s", ubsan_text(data->type, old, text),
               data->type->name,
               ubsan_is_signed(data->type) ? "; cast to an unsigned type to negate this value to itself" : "");
  ubsan_done();
}

static void handle_divrem_overflow(struct overflow *data, value left, value right) {
  struct place seen;
  char text[VALUE_TEXT];
  if (!ubsan_claim(&data->place, &seen))
    return;
  if (ubsan_is_signed(data->type) && ubsan_integer(data->type, right) == -1)
    ubsan_report(&seen, "division of %s by -1 cannot be represented in type %s", ubsan_text(data->type, left, text),
                 data->type->name);
  else
    ubsan_report(&seen, "division by zero");
  ubsan_done();
}

static void handle_shift_out_of_bounds(struct shift *data, value left, value right) {
  struct place seen;
  char a[VALUE_TEXT], b[VALUE_TEXT];
  unsigned width = ubsan_width(data->left);
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_text(data->left, left, a), ubsan_text(data->right, right, b);
  if (ubsan_is_negative(data->right, right))
    ubsan_report(&seen, "shift exponent %s is negative", b);
  else if ((unsigned __int128)ubsan_integer(data->right, right) >= width)
    ubsan_report(&seen, "shift exponent %s is too large for %u-bit type %s", b, width, data->left->name);
  else if (ubsan_is_negative(data->left, left))
    ubsan_report(&seen, "left shift of negative value %s", a);
  else
    ubsan_report(&seen, "left shift of %s by %s places cannot be represented in type %s", a, b, data->left->name);
  ubsan_done();
}

static void handle_float_cast_overflow(struct conversion *data, value from) {
  struct place seen;
  char text[VALUE_TEXT];
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "%s is outside the range of representable values of type %s", ubsan_text(data->from, from, text),
               data->to->name);
  ubsan_done();
}

#define BINARY (struct overflow * data, value left, value right)
void __ubsan_handle_add_overflow BINARY;
void __ubsan_handle_sub_overflow BINARY;
void __ubsan_handle_mul_overflow BINARY;
void __ubsan_handle_divrem_overflow BINARY;
void __ubsan_handle_negate_overflow(struct overflow *data, value old);
void __ubsan_handle_shift_out_of_bounds(struct shift *data, value left, value right);
void __ubsan_handle_float_cast_overflow(struct conversion *data, value from);

HANDLER(add_overflow, BINARY, (data, left, right))
HANDLER(sub_overflow, BINARY, (data, left, right))
HANDLER(mul_overflow, BINARY, (data, left, right))
HANDLER(divrem_overflow, BINARY, (data, left, right))
HANDLER(negate_overflow, (struct overflow * data, value old), (data, old))
HANDLER(shift_out_of_bounds, (struct shift * data, value left, value right), (data, left, right))
HANDLER(float_cast_overflow, (struct conversion * data, value from), (data, from))
