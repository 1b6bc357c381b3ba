/* What gcc hands to the functions behind -fsanitize=undefined, and what they share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef UBSAN_H
#define UBSAN_H

#include <stddef.h>
#include <stdint.h>

/* The structures' layout is gcc's and clang's common interface (libsanitizer's ubsan_handlers.h names the same fields). */

struct place {
  const char *file; /* NULL: the compiler knew none */
  uint32_t line, column;
};

enum { KIND_INTEGER = 0, KIND_FLOAT = 1 };

struct type {
  uint16_t kind;
  uint16_t info; /* integer: bit 0 signed, above it the binary logarithm of the width; floating point: the width */
  char name[];   /* in single quotes */
};

/* A value of at most 64 bits, or the address of a wider one. */
typedef uintptr_t value;
/* How printf shows one that is an address. */
#define ADDRESS "0x%012lx"

struct overflow { struct place place; const struct type *type; };
struct shift { struct place place; const struct type *left, *right; };
struct bounds { struct place place; const struct type *array, *index; };
struct mismatch { struct place place; const struct type *type; uint8_t align_log, access; };
struct conversion { struct place place; const struct type *from, *to; };
struct invalid { struct place place; const struct type *type; };
struct builtin { struct place place; uint8_t kind; };
struct nonnull_argument { struct place place, attribute; int32_t index; };
struct nonnull_return { struct place attribute; };
struct only_place { struct place place; };
struct dynamic { struct place place; const struct type *type; const void *info; uint8_t access; };

typedef __int128 wide;

int ubsan_is_signed(const struct type *type);
unsigned ubsan_width(const struct type *type);
int ubsan_is_negative(const struct type *type, value bits);
wide ubsan_integer(const struct type *type, value bits);

enum { VALUE_TEXT = 48 };
/* The value as a reader would write it, in `text` of VALUE_TEXT bytes, which is returned. */
const char *ubsan_text(const struct type *type, value bits, char *text);

/* Claim a place's only report; 0 if it was made. *seen is the place as it was. */
int ubsan_claim(struct place *place, struct place *seen);
/* "FILE:LINE:COLUMN: runtime error: ..." and a newline; ends the program if UBSAN_OPTIONS says so. */
void ubsan_report(const struct place *seen, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A remark on the report before it. */
void ubsan_note(const struct place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A remark about the object at `pointer`, and the memory there; with a label the word there is underlined. */
void ubsan_show(value pointer, const char *what, const char *label);
/* After the last note of a report. */
void ubsan_done(void);
__attribute__((noreturn)) void ubsan_die(void);

/* What was tried with the memory at a pointer, as `access` counts. */
const char *ubsan_access(unsigned access);

/* A handler and its twin for -fno-sanitize-recover. */
#define HANDLER(name, parameters, arguments)            \
  void __ubsan_handle_##name parameters {               \
    handle_##name arguments;                            \
  }                                                     \
  void __ubsan_handle_##name##_abort parameters;        \
  void __ubsan_handle_##name##_abort parameters {       \
    handle_##name arguments;                            \
    ubsan_die();                                        \
  }

#endif
