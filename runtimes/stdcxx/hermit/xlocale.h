// For libstdc++'s sources of locales: what other systems declare here and newlib lacks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <locale.h>
#include <stdlib.h>

static inline size_t mbstowcs_l(wchar_t *to, const char *from, size_t count, locale_t locale)
{
  const locale_t old = uselocale(locale);
  const size_t done = mbstowcs(to, from, count);
  uselocale(old);
  return done;
}
