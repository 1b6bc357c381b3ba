/* Sixteen bytes at once: by cmpxchg16b, which every x86-64 CPU with hardware virtualization has. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef HERMIT_ATOMIC_H
#define HERMIT_ATOMIC_H

#include <stddef.h>
#include <stdint.h>

typedef unsigned __int128 sixteen;

__attribute__((target("cx16"))) static inline _Bool
compare_exchange_16(sixteen *object, sixteen *expected, sixteen value)
{
  const sixteen wanted = *expected, found = __sync_val_compare_and_swap(object, wanted, value);
  *expected = found;
  return found == wanted;
}

static inline sixteen exchange_16(sixteen *object, sixteen value)
{
  sixteen old = *object; /* may be torn: then the first try fails */
  while (!compare_exchange_16(object, &old, value))
    ;
  return old;
}

/* An aligned load is whole where there is AVX, say Intel and AMD. Elsewhere it takes a write, of the same value: a
   constant in read-only memory cannot be read so. */
static inline sixteen read_16(const sixteen *object)
{
  if (__builtin_cpu_supports("avx") && (__builtin_cpu_is("intel") || __builtin_cpu_is("amd"))) {
    sixteen value;
    __asm__ volatile("vmovdqa %1, %%xmm0\n\tvmovdqa %%xmm0, %0" : "=m"(value) : "m"(*object) : "xmm0", "memory");
    return value;
  }
  sixteen value = 0;
  compare_exchange_16((sixteen *)object, &value, 0);
  return value;
}

static inline void write_16(sixteen *object, sixteen value) { exchange_16(object, value); }

#endif
