/* The first of a sign in a wide string, or its end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <wchar.h>

wchar_t *wcschrnul(const wchar_t *text, wchar_t sign) {
  while (*text && *text != sign)
    text++;
  return (wchar_t *)text;
}
