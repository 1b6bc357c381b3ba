/* -fsanitize=undefined: places that no correct program reaches, and values that their type does not have. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "ubsan.h"

/* There is no going on: the compiler left nothing after these calls. */
void __ubsan_handle_builtin_unreachable(struct only_place *data);
void __ubsan_handle_missing_return(struct only_place *data);

void __ubsan_handle_builtin_unreachable(struct only_place *data) {
  struct place seen;
  if (ubsan_claim(&data->place, &seen)) {
    ubsan_report(&seen, "execution reached an unreachable program point");
    ubsan_done();
  }
  ubsan_die();
}

void __ubsan_handle_missing_return(struct only_place *data) {
  struct place seen;
  if (ubsan_claim(&data->place, &seen)) {
    ubsan_report(&seen, "execution reached the end of a value-returning function without returning a value");
    ubsan_done();
  }
  ubsan_die();
}

static void handle_vla_bound_not_positive(struct invalid *data, value bound) {
  struct place seen;
  char text[VALUE_TEXT];
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "variable length array bound evaluates to non-positive value %s",
               ubsan_text(data->type, bound, text));
  ubsan_done();
}

static void handle_load_invalid_value(struct invalid *data, value loaded) {
  struct place seen;
  char text[VALUE_TEXT];
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "load of value %s, which is not a valid value for type %s", ubsan_text(data->type, loaded, text),
               data->type->name);
  ubsan_done();
}

static void handle_invalid_builtin(struct builtin *data) {
  struct place seen;
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "passing zero to %s, which is not a valid argument", data->kind == 0 ? "ctz()" : "clz()");
  ubsan_done();
}

void __ubsan_handle_vla_bound_not_positive(struct invalid *data, value bound);
void __ubsan_handle_load_invalid_value(struct invalid *data, value loaded);
void __ubsan_handle_invalid_builtin(struct builtin *data);

HANDLER(vla_bound_not_positive, (struct invalid * data, value bound), (data, bound))
HANDLER(load_invalid_value, (struct invalid * data, value loaded), (data, loaded))
HANDLER(invalid_builtin, (struct builtin * data), (data))
