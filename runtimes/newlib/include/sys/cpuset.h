/* Sets of cores, with the macros of glibc: CPU_SET and its kin for cpu_set_t, CPU_SET_S and its kin for larger ones. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_CPUSET_H_
#define _SYS_CPUSET_H_

#include <stddef.h>
#include <sys/cdefs.h>

#define CPU_SETSIZE 1024

typedef unsigned long __cpu_mask;

#define __NCPUBITS (8 * sizeof(__cpu_mask))

typedef struct {
  __cpu_mask __bits[CPU_SETSIZE / (8 * sizeof(__cpu_mask))];
} cpu_set_t;

__BEGIN_DECLS
cpu_set_t *__cpuset_alloc(int);
void __cpuset_free(cpu_set_t *);
int __cpuset_count(size_t, const cpu_set_t *);
__END_DECLS

/* The word and the bit of a core; a core beyond the set changes nothing and is not in it. */
#define __CPU_HAS(cpu, size) ((size_t)(cpu) / 8 < (size))
#define __CPU_WORD(cpu, set) (((__cpu_mask *)(set)->__bits)[(size_t)(cpu) / __NCPUBITS])
#define __CPU_BIT(cpu) ((__cpu_mask)1 << ((size_t)(cpu) % __NCPUBITS))

#define CPU_SET_S(cpu, size, set) \
  __extension__({ \
    size_t __cpu = (size_t)(cpu); \
    __CPU_HAS(__cpu, size) ? (__CPU_WORD(__cpu, set) |= __CPU_BIT(__cpu)) : 0; \
  })
#define CPU_CLR_S(cpu, size, set) \
  __extension__({ \
    size_t __cpu = (size_t)(cpu); \
    __CPU_HAS(__cpu, size) ? (__CPU_WORD(__cpu, set) &= ~__CPU_BIT(__cpu)) : 0; \
  })
#define CPU_ISSET_S(cpu, size, set) \
  __extension__({ \
    size_t __cpu = (size_t)(cpu); \
    __CPU_HAS(__cpu, size) ? (((const __cpu_mask *)(set)->__bits)[__cpu / __NCPUBITS] & __CPU_BIT(__cpu)) != 0 : 0; \
  })
#define CPU_ZERO_S(size, set) ((void)__builtin_memset(set, 0, size))
#define CPU_COUNT_S(size, set) __cpuset_count(size, set)
#define CPU_EQUAL_S(size, one, other) (__builtin_memcmp(one, other, size) == 0)
#define __CPU_OP_S(size, to, one, other, op) \
  __extension__({ \
    cpu_set_t *__to = (to); \
    const __cpu_mask *__one = (one)->__bits, *__other = (other)->__bits; \
    for (size_t __i = 0; __i < (size) / sizeof(__cpu_mask); __i++) \
      ((__cpu_mask *)__to->__bits)[__i] = __one[__i] op __other[__i]; \
    __to; \
  })
#define CPU_AND_S(size, to, one, other) __CPU_OP_S(size, to, one, other, &)
#define CPU_OR_S(size, to, one, other) __CPU_OP_S(size, to, one, other, |)
#define CPU_XOR_S(size, to, one, other) __CPU_OP_S(size, to, one, other, ^)

#define CPU_SET(cpu, set) CPU_SET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_CLR(cpu, set) CPU_CLR_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ISSET(cpu, set) CPU_ISSET_S(cpu, sizeof(cpu_set_t), set)
#define CPU_ZERO(set) CPU_ZERO_S(sizeof(cpu_set_t), set)
#define CPU_COUNT(set) CPU_COUNT_S(sizeof(cpu_set_t), set)
#define CPU_EQUAL(one, other) CPU_EQUAL_S(sizeof(cpu_set_t), one, other)
#define CPU_AND(to, one, other) CPU_AND_S(sizeof(cpu_set_t), to, one, other)
#define CPU_OR(to, one, other) CPU_OR_S(sizeof(cpu_set_t), to, one, other)
#define CPU_XOR(to, one, other) CPU_XOR_S(sizeof(cpu_set_t), to, one, other)

#define CPU_ALLOC_SIZE(cpus) (((cpus) + __NCPUBITS - 1) / __NCPUBITS * sizeof(__cpu_mask))
#define CPU_ALLOC(cpus) __cpuset_alloc(cpus)
#define CPU_FREE(set) __cpuset_free(set)

#endif
