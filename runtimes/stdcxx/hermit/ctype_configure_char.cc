// std::ctype<char>: ASCII, in every locale.
// SPDX-License-Identifier: BSD-3-Clause
#include <locale>
#include <cstring>

namespace std _GLIBCXX_VISIBILITY(default)
{
_GLIBCXX_BEGIN_NAMESPACE_VERSION

namespace
{
  typedef ctype_base::mask mask;

  constexpr bool between(int c, int first, int last) { return c >= first && c <= last; }

  constexpr mask letter_or_digit(int c)
  {
    return between(c, 'A', 'Z') ? ctype_base::upper | ctype_base::alpha
           : between(c, 'a', 'z') ? ctype_base::lower | ctype_base::alpha
           : between(c, '0', '9') ? ctype_base::digit
           : between(c, '!', '~') ? ctype_base::punct
                                  : 0;
  }

  constexpr mask classes(int c)
  {
    return letter_or_digit(c)
           | (letter_or_digit(c) & (ctype_base::alpha | ctype_base::digit) ? ctype_base::alnum : 0)
           | (between(c, '0', '9') || between(c, 'A', 'F') || between(c, 'a', 'f') ? ctype_base::xdigit : 0)
           | (c == ' ' || between(c, '\t', '\r') ? ctype_base::space : 0)
           | (c == ' ' || c == '\t' ? ctype_base::blank : 0)
           | (between(c, ' ', '~') ? ctype_base::print : 0)
           | (between(c, '!', '~') ? ctype_base::graph : 0)
           | (c < ' ' || c == 127 ? ctype_base::cntrl : 0);
  }

#define FOUR(c) classes(c), classes(c + 1), classes(c + 2), classes(c + 3)
#define SIXTEEN(c) FOUR(c), FOUR(c + 4), FOUR(c + 8), FOUR(c + 12)
  constexpr mask every_class[256] = {SIXTEEN(0),  SIXTEEN(16), SIXTEEN(32), SIXTEEN(48),
                                     SIXTEEN(64), SIXTEEN(80), SIXTEEN(96), SIXTEEN(112)};
}

  const ctype_base::mask*
  ctype<char>::classic_table() throw()
  { return every_class; }

  ctype<char>::ctype(__c_locale, const mask* __table, bool __del, size_t __refs)
  : ctype(__table, __del, __refs)
  { }

  ctype<char>::ctype(const mask* __table, bool __del, size_t __refs)
  : facet(__refs), _M_c_locale_ctype(_S_get_c_locale()), _M_del(__table != 0 && __del),
    _M_toupper(nullptr), _M_tolower(nullptr), _M_table(__table ? __table : classic_table()),
    _M_widen_ok(0), _M_narrow_ok(0)
  {
    memset(_M_widen, 0, sizeof(_M_widen));
    memset(_M_narrow, 0, sizeof(_M_narrow));
  }

  char
  ctype<char>::do_toupper(char __c) const
  { return between(__c, 'a', 'z') ? __c - 'a' + 'A' : __c; }

  const char*
  ctype<char>::do_toupper(char* __low, const char* __high) const
  {
    for (; __low < __high; ++__low)
      *__low = ctype<char>::do_toupper(*__low);
    return __high;
  }

  char
  ctype<char>::do_tolower(char __c) const
  { return between(__c, 'A', 'Z') ? __c - 'A' + 'a' : __c; }

  const char*
  ctype<char>::do_tolower(char* __low, const char* __high) const
  {
    for (; __low < __high; ++__low)
      *__low = ctype<char>::do_tolower(*__low);
    return __high;
  }

_GLIBCXX_END_NAMESPACE_VERSION
}
