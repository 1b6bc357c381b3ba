/* -fsanitize=vptr, part of -fsanitize=undefined for C++: whether an object's dynamic type is, or derives from, the one used. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* Type information as the Itanium C++ ABI lays it out (2.9.5), so that C programs need no C++ library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ubsan.h"

struct info {
  const void *vtable; /* of the class that describes this one */
  const char *name;
};
struct single { struct info info; const struct info *base; };
struct base { const struct info *type; long flags; };
struct several { struct info info; unsigned flags, count; struct base bases[]; };

/* What stands before the functions of a virtual table. */
struct prefix { ptrdiff_t offset; const struct info *type; };

enum { BASE_OFFSET_SHIFT = 8, BASE_IS_VIRTUAL = 1, MOST_OFFSET = 1 << 20, DEEPEST = 64, NAME = 256 };

/* The tables of the classes of libstdc++ that describe classes; a program without it has no objects to check either. */
extern const char _ZTVN10__cxxabiv120__si_class_type_infoE[] __attribute__((weak));
extern const char _ZTVN10__cxxabiv121__vmi_class_type_infoE[] __attribute__((weak));

/* Recent answers, by gcc's own hash: it looks here before it calls. */
extern uintptr_t __ubsan_vptr_type_cache[128];
uintptr_t __ubsan_vptr_type_cache[128];

static int describes(const struct info *info, const char *table) {
  return table && info->vtable == table + sizeof(struct prefix);
}

/* A name that begins with * is of a type known in one unit only. */
static int same_type(const struct info *a, const struct info *b) {
  return a == b || a->name == b->name || (a->name[0] != '*' && strcmp(a->name, b->name) == 0);
}

/* Whether `type`, whose part at `offset` is looked at, has `wanted` there. `object` is where virtual bases are found. */
static int has_base(const char *object, const struct info *type, const struct info *wanted, ptrdiff_t offset, int depth) {
  if (offset == 0 && same_type(type, wanted))
    return 1;
  if (depth == DEEPEST)
    return 0;
  if (describes(type, _ZTVN10__cxxabiv120__si_class_type_infoE))
    return has_base(object, ((const struct single *)type)->base, wanted, offset, depth + 1);
  if (!describes(type, _ZTVN10__cxxabiv121__vmi_class_type_infoE))
    return 0;
  const struct several *several = (const struct several *)type;
  for (unsigned i = 0; i < several->count; i++) {
    ptrdiff_t at = several->bases[i].flags >> BASE_OFFSET_SHIFT;
    if (several->bases[i].flags & BASE_IS_VIRTUAL)
      at = *(const ptrdiff_t *)(*(const char *const *)object + at);
    if (has_base(object + at, several->bases[i].type, wanted, offset - at, depth + 1))
      return 1;
  }
  return 0;
}

/* What the object at `pointer` is; NULL: no virtual table that makes sense. */
static const struct prefix *find_prefix(value pointer) {
  const char *table = *(const char *const *)pointer;
  if (!table || (uintptr_t)table % sizeof(void *))
    return NULL;
  const struct prefix *prefix = (const struct prefix *)table - 1;
  if (prefix->offset > MOST_OFFSET || prefix->offset < -MOST_OFFSET || !prefix->type)
    return NULL;
  return prefix;
}

/* Part of libstdc++, which C++ programs have. */
extern char *__cxa_demangle(const char *name, char *buffer, size_t *size, int *status) __attribute__((weak));

static void write_name(const struct info *info, char *name) {
  int status = -1;
  const char *mangled = info->name + (info->name[0] == '*');
  char *plain = __cxa_demangle ? __cxa_demangle(mangled, NULL, NULL, &status) : NULL;
  snprintf(name, NAME, "%s", status == 0 ? plain : mangled);
  free(plain);
}

static void show(value pointer, const struct prefix *prefix) {
  char name[NAME], what[2 * NAME], label[2 * NAME];
  if (!prefix) {
    ubsan_show(pointer, "object has invalid vptr", "invalid vptr");
    return;
  }
  write_name(prefix->type, name);
  if (prefix->offset == 0) {
    snprintf(what, sizeof what, "object is of type '%s'", name);
    snprintf(label, sizeof label, "vptr for '%s'", name);
  } else {
    snprintf(what, sizeof what, "object is base class subobject at offset %ld within object of type '%s'",
             (long)-prefix->offset, name);
    snprintf(label, sizeof label, "vptr for a base class of '%s'", name);
  }
  ubsan_show(pointer, what, label);
}

static void handle_dynamic_type_cache_miss(struct dynamic *data, value pointer, value hash) {
  struct place seen;
  /* gcc checks for NULL and alignment apart, and reports those. */
  const struct prefix *prefix = pointer && pointer % sizeof(void *) == 0 ? find_prefix(pointer) : NULL;
  const char *whole = prefix ? (const char *)pointer + prefix->offset : NULL;
  if (prefix && has_base(whole, prefix->type, data->info, -prefix->offset, 0)) {
    __ubsan_vptr_type_cache[hash % 128] = hash;
    return;
  }
  if (!ubsan_claim(&data->place, &seen))
    return;
  ubsan_report(&seen, "%s address " ADDRESS " which does not point to an object of type %s",
               ubsan_access(data->access), pointer, data->type->name);
  show(pointer, prefix);
  ubsan_done();
}

void __ubsan_handle_dynamic_type_cache_miss(struct dynamic *data, value pointer, value hash);

HANDLER(dynamic_type_cache_miss, (struct dynamic * data, value pointer, value hash), (data, pointer, hash))
