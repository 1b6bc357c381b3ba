/* -fsanitize=undefined: pointers and indices that lead where no object is. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ubsan.h"

static void handle_type_mismatch_v1(struct mismatch *data, value pointer) {
  struct place seen;
  const char *access = ubsan_access(data->access), *name = data->type->name;
  unsigned long align = 1UL << data->align_log;
  if (!ubsan_claim(&data->place, &seen))
    return;
  if (!pointer)
    ubsan_report(&seen, "%s null pointer of type %s", access, name);
  else if (pointer & (align - 1))
    ubsan_report(&seen, "%s misaligned address " ADDRESS " for type %s, which requires %lu byte alignment", access,
                 pointer, name, align);
  else
    ubsan_report(&seen, "%s address " ADDRESS " with insufficient space for an object of type %s", access, pointer,
                 name);
  if (pointer)
    ubsan_show(pointer, "pointer points here", NULL);
  ubsan_done();
}

static void handle_out_of_bounds(struct bounds *data, value index) {
  struct place seen;
  char text[VALUE_TEXT];
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "index %s out of bounds for type %s", ubsan_text(data->index, index, text), data->array->name);
  ubsan_done();
}

static void handle_pointer_overflow(struct only_place *data, value base, value result) {
  struct place seen;
  if (!ubsan_claim(&data->place, &seen))
    return;
  if (!base && !result)
    ubsan_report(&seen, "applying zero offset to null pointer");
  else if (!base)
    ubsan_report(&seen, "applying non-zero offset %lu to null pointer", (unsigned long)result);
  else if (!result)
    ubsan_report(&seen, "applying non-zero offset to non-null pointer " ADDRESS " produced null pointer", base);
  else if (((intptr_t)base >= 0) != ((intptr_t)result >= 0))
    ubsan_report(&seen, "pointer index expression with base " ADDRESS " overflowed to " ADDRESS, base, result);
  else if (base > result)
    ubsan_report(&seen, "addition of unsigned offset to " ADDRESS " overflowed to " ADDRESS, base, result);
  else
    ubsan_report(&seen, "subtraction of unsigned offset from " ADDRESS " overflowed to " ADDRESS, base, result);
  ubsan_done();
}

static void handle_nonnull_arg(struct nonnull_argument *data) {
  struct place seen;
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "null pointer passed as argument %d, which is declared to never be null", (int)data->index);
  ubsan_note(&data->attribute, "nonnull attribute specified here");
  ubsan_done();
}

static void handle_nonnull_return_v1(struct nonnull_return *data, struct place *place) {
  struct place seen;
  if (!ubsan_claim(place, &seen))
    return;
  ubsan_report(&seen, "null pointer returned from function declared to never return null");
  ubsan_note(&data->attribute, "returns_nonnull attribute specified here");
  ubsan_done();
}

void __ubsan_handle_type_mismatch_v1(struct mismatch *data, value pointer);
void __ubsan_handle_out_of_bounds(struct bounds *data, value index);
void __ubsan_handle_pointer_overflow(struct only_place *data, value base, value result);
void __ubsan_handle_nonnull_arg(struct nonnull_argument *data);
void __ubsan_handle_nonnull_return_v1(struct nonnull_return *data, struct place *place);

HANDLER(type_mismatch_v1, (struct mismatch * data, value pointer), (data, pointer))
HANDLER(out_of_bounds, (struct bounds * data, value index), (data, index))
HANDLER(pointer_overflow, (struct only_place * data, value base, value result), (data, base, result))
HANDLER(nonnull_arg, (struct nonnull_argument * data), (data))
HANDLER(nonnull_return_v1, (struct nonnull_return * data, struct place *place), (data, place))
