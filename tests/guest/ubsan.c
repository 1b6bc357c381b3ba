/* -fsanitize=undefined: each kind of report, by the names of its arguments, once; then the program goes on. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static volatile int one = 1, zero, big = INT_MAX, small = INT_MIN, minus = -1;
static volatile double huge = 1e30;
static volatile long double huger = 1e3000L;
static volatile float half = -0.5F;
static volatile unsigned char two = 2;
static volatile __int128 wide = (__int128)1 << 126;
static volatile long long eight[4];
static volatile int result;
static volatile float quotient;

static void arithmetic(void) {
  result = big + one;
  result = small - one;
  result = big * 2 * one;
  result = -small;
  result = one << 40 * one;
  result = one << minus;
  result = minus << one;
  result = big << 2 * one;
  wide = wide * 4;
}

static void conversions(void) {
  result = (int)huge;
  result = (int)huger;
  result = (unsigned char)(half * 1000);
  _Bool truth;
  memcpy(&truth, (void *)&two, 1);
  result = truth;
  quotient = half / zero;
}

static int f(int (*array)[4], int index) { return (*array)[index]; }
__attribute__((nonnull(1), noinline)) static int first(const char *text) { return text != NULL; }
__attribute__((returns_nonnull, noinline)) static char *none(void) { return (char *)(long)zero; }

static void pointers(void) {
  static int array[4];
  char *raw = (char *)eight;
  result = f(&array, 4 * one);
  result = *(int *)(raw + one);
  result = first((char *)(long)zero);
  result = none() != NULL;
  volatile char *wild = (char *)(-16UL * (unsigned long)one);
  wild += 64 * one;
  char bytes[one - zero];
  result = bytes[0] = (char)one;
  if (zero)
    result = *(int *)NULL;
}

static void others(void) {
  int count = minus;
  result = __builtin_ctz((unsigned)zero);
  result = __builtin_clzl((unsigned long)zero);
  if (count < 0) {
    char bytes[count + 1 + zero];
    result = sizeof bytes != 0;
  }
}

__attribute__((noinline)) static void once_only(void) { result = big + one + zero; }

int main(int argc, char **argv) {
  const char *which = argc > 1 ? argv[1] : "";
  if (strcmp(which, "division") == 0)
    result = small / minus;
  if (strcmp(which, "unreachable") == 0)
    __builtin_unreachable();
  arithmetic();
  conversions();
  pointers();
  others();
  for (int i = 0; i < 3; i++)
    once_only();
  fputs("went on\n", stderr);
  return 0;
}
