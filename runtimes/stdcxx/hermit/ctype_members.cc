// std::ctype<wchar_t> by newlib's locales, and the ctype_byname facets.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <cstring>
#include <cwctype>
#include <locale>

namespace std _GLIBCXX_VISIBILITY(default)
{
_GLIBCXX_BEGIN_NAMESPACE_VERSION

namespace
{
  // In the order of ctype_base's bits.
  const char* const classes[] = {"upper", "lower", "alpha", "digit", "xdigit", "space",
                                 "print", "graph", "cntrl", "punct", "alnum",  "blank"};
  const size_t count = sizeof(classes) / sizeof(*classes);

  // Every locale agrees on ASCII.
  inline bool
  is_ascii(wchar_t c)
  { return c >= 0 && c < 128; }

  // Makes a facet's locale the thread's for a while.
  struct here
  {
    locale_t old;

    explicit here(__c_locale locale) : old(uselocale((locale_t)locale)) { }
    ~here() { uselocale(old); }
  };
}

  ctype_byname<char>::ctype_byname(const char* __s, size_t __refs)
  : ctype<char>(0, false, __refs)
  {
    if (std::strcmp(__s, "C") != 0 && std::strcmp(__s, "POSIX") != 0)
      {
        this->_S_destroy_c_locale(this->_M_c_locale_ctype);
        this->_S_create_c_locale(this->_M_c_locale_ctype, __s);
      }
  }

  ctype_byname<char>::~ctype_byname()
  { }

  ctype<wchar_t>::__wmask_type
  ctype<wchar_t>::_M_convert_to_wmask(const mask __m) const throw()
  {
    for (size_t k = 0; k < count; ++k)
      if (__m == 1 << k)
        return wctype_l(classes[k], (locale_t)_M_c_locale_ctype);
    return __wmask_type();
  }

  bool
  ctype<wchar_t>::do_is(mask __m, wchar_t __c) const
  {
    if (is_ascii(__c))
      return ctype<char>::classic_table()[__c] & __m;
    for (size_t k = 0; k < count; ++k)
      if (__m & _M_bit[k] && iswctype_l(__c, _M_wmask[k], (locale_t)_M_c_locale_ctype))
        return true;
    return false;
  }

  const wchar_t*
  ctype<wchar_t>::do_is(const wchar_t* __lo, const wchar_t* __hi, mask* __vec) const
  {
    for (; __lo < __hi; ++__vec, ++__lo)
      {
        mask found = 0;
        for (size_t k = 0; k < count; ++k)
          if (ctype<wchar_t>::do_is(_M_bit[k], *__lo))
            found |= _M_bit[k];
        *__vec = found;
      }
    return __hi;
  }

  const wchar_t*
  ctype<wchar_t>::do_scan_is(mask __m, const wchar_t* __lo, const wchar_t* __hi) const
  {
    while (__lo < __hi && !this->do_is(__m, *__lo))
      ++__lo;
    return __lo;
  }

  const wchar_t*
  ctype<wchar_t>::do_scan_not(mask __m, const wchar_t* __lo, const wchar_t* __hi) const
  {
    while (__lo < __hi && this->do_is(__m, *__lo))
      ++__lo;
    return __lo;
  }

  wchar_t
  ctype<wchar_t>::do_toupper(wchar_t __c) const
  { return towupper_l(__c, (locale_t)_M_c_locale_ctype); }

  const wchar_t*
  ctype<wchar_t>::do_toupper(wchar_t* __lo, const wchar_t* __hi) const
  {
    for (; __lo < __hi; ++__lo)
      *__lo = towupper_l(*__lo, (locale_t)_M_c_locale_ctype);
    return __hi;
  }

  wchar_t
  ctype<wchar_t>::do_tolower(wchar_t __c) const
  { return towlower_l(__c, (locale_t)_M_c_locale_ctype); }

  const wchar_t*
  ctype<wchar_t>::do_tolower(wchar_t* __lo, const wchar_t* __hi) const
  {
    for (; __lo < __hi; ++__lo)
      *__lo = towlower_l(*__lo, (locale_t)_M_c_locale_ctype);
    return __hi;
  }

  wchar_t
  ctype<wchar_t>::do_widen(char __c) const
  { return _M_widen[static_cast<unsigned char>(__c)]; }

  const char*
  ctype<wchar_t>::do_widen(const char* __lo, const char* __hi, wchar_t* __dest) const
  {
    while (__lo < __hi)
      *__dest++ = _M_widen[static_cast<unsigned char>(*__lo++)];
    return __hi;
  }

  char
  ctype<wchar_t>::do_narrow(wchar_t __c, char __dfault) const
  {
    if (is_ascii(__c) && _M_narrow_ok)
      return _M_narrow[__c];
    here locale(_M_c_locale_ctype);
    const int narrow = wctob(__c);
    return narrow == EOF ? __dfault : static_cast<char>(narrow);
  }

  const wchar_t*
  ctype<wchar_t>::do_narrow(const wchar_t* __lo, const wchar_t* __hi, char __dfault, char* __dest) const
  {
    while (__lo < __hi)
      *__dest++ = ctype<wchar_t>::do_narrow(*__lo++, __dfault);
    return __hi;
  }

  void
  ctype<wchar_t>::_M_initialize_ctype() throw()
  {
    here locale(_M_c_locale_ctype);
    _M_narrow_ok = true;
    for (wint_t c = 0; c < 128; ++c)
      {
        const int narrow = wctob(c);
        _M_narrow[c] = static_cast<char>(narrow);
        _M_narrow_ok = _M_narrow_ok && narrow != EOF;
      }
    for (size_t c = 0; c < sizeof(_M_widen) / sizeof(*_M_widen); ++c)
      _M_widen[c] = btowc(c);
    for (size_t k = 0; k < count; ++k)
      {
        _M_bit[k] = static_cast<mask>(1 << k);
        _M_wmask[k] = _M_convert_to_wmask(_M_bit[k]);
      }
  }

_GLIBCXX_END_NAMESPACE_VERSION
}
