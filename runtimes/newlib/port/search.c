/* Searching in arrays from the front, and lists of elements that begin with two pointers: what newlib's search.h lacks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <search.h>
#include <string.h>

#include "port.h"

struct element {
  struct element *next, *before;
};

void *lfind(const void *key, const void *base, size_t *count, size_t size, __compar_fn_t compare) {
  const char *at = base;
  for (size_t i = 0; i < *count; i++, at += size)
    if (compare(key, at) == 0)
      return (void *)at;
  return NULL;
}

void *lsearch(const void *key, void *base, size_t *count, size_t size, __compar_fn_t compare) {
  void *found = lfind(key, base, count, size, compare);
  return found ? found : memcpy((char *)base + size * (*count)++, key, size);
}

void insque(void *element, void *after) {
  struct element *new = element, *before = after;
  new->before = before;
  new->next = before ? before->next : NULL;
  if (new->next)
    new->next->before = new;
  if (before)
    before->next = new;
}

void remque(void *element) {
  struct element *old = element;
  if (old->next)
    old->next->before = old->before;
  if (old->before)
    old->before->next = old->next;
}

/* newlib's nodes, as its tsearch() makes them. */
struct node {
  void *key;
  struct node *left, *right;
};

void twalk_r(const void *root, void (*act)(const void *, VISIT, void *), void *data) {
  const struct node *node = root;
  if (node == NULL)
    return;
  if (node->left == NULL && node->right == NULL) {
    act(node, leaf, data);
    return;
  }
  act(node, preorder, data);
  twalk_r(node->left, act, data);
  act(node, postorder, data);
  twalk_r(node->right, act, data);
  act(node, endorder, data);
}
