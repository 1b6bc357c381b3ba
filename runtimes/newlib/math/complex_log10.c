/* The complex logarithm to base 10 in long double, which neither newlib nor musl has. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <complex.h>

long double complex clog10l(long double complex value) {
  static const long double log10_e = 0.43429448190325182765112891891660508229L;
  long double complex natural = clogl(value);
  return __builtin_complex(creall(natural) * log10_e, cimagl(natural) * log10_e);
}
