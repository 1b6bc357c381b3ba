/* The C side of fortran_c.f90. SPDX-License-Identifier: BSD-3-Clause */
#include <ISO_Fortran_binding.h>
#include <stddef.h>
#include <string.h>

struct point {
  int tag;
  double place[2];
};

extern int shared_count;
int fortran_square(int n);
double sum_of(const struct point *points, size_t n);
void apply(void (*each)(int), int n);
int double_all(CFI_cdesc_t *values);
void allocate_it(CFI_cdesc_t *values, int n);
const char *greeting(void);
size_t c_length(const char *text);

double sum_of(const struct point *points, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += points[i].tag + points[i].place[0] + points[i].place[1];
  return sum;
}

void apply(void (*each)(int), int n) {
  for (int i = 1; i <= n; i++)
    each(i);
  shared_count += n;
}

int double_all(CFI_cdesc_t *values) {
  int count = 0;
  for (CFI_index_t column = 0; column < values->dim[1].extent; column++)
    for (CFI_index_t row = 0; row < values->dim[0].extent; row++, count++) {
      CFI_index_t at[] = {row + values->dim[0].lower_bound, column + values->dim[1].lower_bound};
      *(double *)CFI_address(values, at) *= 2;
    }
  return count;
}

void allocate_it(CFI_cdesc_t *values, int n) {
  CFI_index_t lower[] = {1}, upper[] = {n};
  if (CFI_allocate(values, lower, upper, 0) != CFI_SUCCESS)
    return;
  for (int i = 0; i < n; i++)
    ((int *)values->base_addr)[i] = fortran_square(i);
}

const char *greeting(void) { return "hello"; }

size_t c_length(const char *text) { return strlen(text); }
