/* qsort: a merge sort, which compares least; in place by heap sort where there is no memory for its second array. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int compare(const void *, const void *);

struct sort {
  size_t size; /* of an element, in bytes */
  compare *compare;
  char *spare; /* room for half of the elements and one */
};

enum { FEW = 6, LOCAL = 1024 };

static inline void copy(char *to, const char *from, size_t size) {
  /* the usual sizes without a call */
  if (size == sizeof(uint64_t))
    __builtin_memcpy(to, from, sizeof(uint64_t));
  else if (size == sizeof(uint32_t))
    __builtin_memcpy(to, from, sizeof(uint32_t));
  else
    memcpy(to, from, size);
}

static void insertion_sort(const struct sort *sort, char *base, size_t n) {
  size_t size = sort->size;
  for (size_t i = 1; i < n; i++) {
    char *place = base + i * size;
    if (sort->compare(place - size, place) <= 0)
      continue;
    copy(sort->spare, place, size);
    do {
      copy(place, place - size, size);
      place -= size;
    } while (place > base && sort->compare(place - size, sort->spare) > 0);
    copy(place, sort->spare, size);
  }
}

static void merge_sort(const struct sort *sort, char *base, size_t n) {
  if (n <= FEW) {
    insertion_sort(sort, base, n);
    return;
  }
  size_t size = sort->size, half = n / 2;
  char *left = sort->spare, *left_end = left + half * size, *right = base + half * size, *end = base + n * size, *to = base;
  merge_sort(sort, base, half);
  merge_sort(sort, right, n - half);
  if (sort->compare(right - size, right) <= 0)
    return;
  memcpy(left, base, half * size);
  while (left < left_end && right < end) {
    /* of equals the left one first: stable */
    char **first = sort->compare(left, right) <= 0 ? &left : &right;
    copy(to, *first, size);
    *first += size;
    to += size;
  }
  memcpy(to, left, (size_t)(left_end - left)); /* what is left of the right half is in place */
}

static void exchange(char *a, char *b, size_t size) {
  while (size--) {
    char kept = *a;
    *a++ = *b;
    *b++ = kept;
  }
}

static void sift(const struct sort *sort, char *base, size_t parent, size_t n) {
  size_t size = sort->size, child;
  for (; (child = 2 * parent + 1) < n; parent = child) {
    if (child + 1 < n && sort->compare(base + child * size, base + (child + 1) * size) < 0)
      child++;
    if (sort->compare(base + parent * size, base + child * size) >= 0)
      return;
    exchange(base + parent * size, base + child * size, size);
  }
}

static void heap_sort(const struct sort *sort, char *base, size_t n) {
  for (size_t i = n / 2; i-- > 0;)
    sift(sort, base, i, n);
  while (n-- > 1) {
    exchange(base, base + n * sort->size, sort->size);
    sift(sort, base, 0, n);
  }
}

void qsort(void *base, size_t n, size_t size, compare *compare) {
  char local[LOCAL] __attribute__((aligned(16)));
  struct sort sort = {size, compare, local};
  if (n < 2 || size == 0)
    return;
  size_t room = (n / 2 + 1) * size;
  if (room > LOCAL)
    sort.spare = malloc(room);
  if (sort.spare == NULL)
    heap_sort(&sort, base, n);
  else
    merge_sort(&sort, base, n);
  if (sort.spare != local)
    free(sort.spare);
}
