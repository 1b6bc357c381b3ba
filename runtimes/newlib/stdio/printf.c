/* printf's common part: text, integers, characters and strings go straight into the stream's buffer. What else a format
   has, floating point first of all, newlib's printf converts, from there to the format's end. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/single_threaded.h>

/* newlib's, by the names that libc.json gives them. */
typedef int printer(struct _reent *, FILE *, const char *, va_list);
printer __newlib__vfprintf_r, __newlib__svfprintf_r;

/* newlib's, declared in its own headers only. */
struct __siov {
  const void *base;
  size_t length;
};
struct __suio {
  struct __siov *parts;
  int count;
  size_t rest;
};
int __sfvwrite_r(struct _reent *, FILE *, struct __suio *);

void __hermit_cancel_hold(void);
void __hermit_cancel_release(void);

enum { ROOM = 256, WIDEST = 9999, DIGITS = 24 };

/* Where output goes: the stream's buffer itself, or, where each line is written at once, a buffer of ours before it. */
struct sink {
  struct _reent *reent;
  FILE *stream;
  char *next, *end;
  size_t total;
  int failed;
  char lines[ROOM];
};

static void write_through(struct sink *sink, const char *data, size_t n) {
  struct __siov part = {data, n};
  struct __suio all = {&part, 1, n};
  if (n && __sfvwrite_r(sink->reent, sink->stream, &all))
    sink->failed = 1;
}

static int by_line(const struct sink *sink) { return sink->stream->_flags & __SLBF; }

static void begin(struct sink *sink) {
  FILE *stream = sink->stream;
  sink->next = by_line(sink) ? sink->lines : (char *)stream->_p;
  sink->end = sink->next + (by_line(sink) ? ROOM : stream->_w > 0 ? stream->_w : 0);
}

/* What was put there is the stream's. */
static void end(struct sink *sink) {
  FILE *stream = sink->stream;
  if (by_line(sink)) {
    write_through(sink, sink->lines, (size_t)(sink->next - sink->lines));
  } else {
    stream->_w -= (int)(sink->next - (char *)stream->_p);
    stream->_p = (unsigned char *)sink->next;
  }
}

static __attribute__((noinline)) void spill(struct sink *sink, const char *data, size_t n) {
  end(sink);
  write_through(sink, data, n);
  begin(sink);
}

static inline void put(struct sink *sink, const char *data, size_t n) {
  sink->total += n;
  if (n > (size_t)(sink->end - sink->next)) {
    spill(sink, data, n);
    return;
  }
  memcpy(sink->next, data, n);
  sink->next += n;
}

static void fill(struct sink *sink, char character, int n) {
  char some[64];
  if (n <= sink->end - sink->next) {
    sink->total += (size_t)n;
    memset(sink->next, character, (size_t)n);
    sink->next += n;
    return;
  }
  memset(some, character, sizeof some);
  for (; n > 0; n -= (int)sizeof some)
    put(sink, some, n < (int)sizeof some ? (size_t)n : sizeof some);
}

/* One conversion: what stands between % and its letter. */
struct conversion {
  unsigned char left, zeros, plus, blank, other;
  unsigned char size; /* letters of the length modifier: 'H' for hh, 'q' for ll */
  int width, precision; /* -1: none */
};

static void flags(const char **format, struct conversion *c) {
  for (;; ++*format) {
    switch (**format) {
    case '-': c->left = 1; break;
    case '0': c->zeros = 1; break;
    case '+': c->plus = 1; break;
    case ' ': c->blank = 1; break;
    case '#': c->other = 1; break;
    default: return;
    }
  }
}

static int number(const char **format) {
  int value = 0;
  for (; **format >= '0' && **format <= '9' && value <= WIDEST; ++*format)
    value = value * 10 + (**format - '0');
  return value;
}

static void length(const char **format, struct conversion *c) {
  char letter = **format;
  if (letter != 'l' && letter != 'h' && letter != 'z' && letter != 'j' && letter != 't')
    return;
  c->size = (unsigned char)letter;
  if (*++*format == letter && (letter == 'l' || letter == 'h')) {
    c->size = letter == 'l' ? 'q' : 'H';
    ++*format;
  }
}

/* Pads a converted number or text: `sign` goes before zeros, `text` behind. */
static void lay_out(struct sink *sink, const struct conversion *c, const char *sign, size_t sign_length, int zeros,
                    const char *text, size_t n) {
  size_t used = sign_length + n + (size_t)zeros;
  int rest = used < (size_t)c->width ? c->width - (int)used : 0;
  if (rest > 0 && !c->left)
    fill(sink, ' ', rest);
  if (sign_length)
    put(sink, sign, sign_length);
  if (zeros > 0)
    fill(sink, '0', zeros);
  put(sink, text, n);
  if (rest > 0 && c->left)
    fill(sink, ' ', rest);
}

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657"
    "585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/* The digits of `value`, in front of `end`; where they begin. */
static char *digits_of(uint64_t value, char letter, char *end) {
  const char *names = letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  if (letter == 'x' || letter == 'X' || letter == 'o') {
    int bits = letter == 'o' ? 3 : 4;
    for (; value; value >>= bits)
      *--end = names[value & ((1u << bits) - 1)];
    return end;
  }
  for (; value >= 100; value /= 100)
    __builtin_memcpy(end -= 2, pairs + 2 * (value % 100), 2);
  if (value >= 10)
    __builtin_memcpy(end -= 2, pairs + 2 * value, 2);
  else if (value)
    *--end = (char)('0' + value);
  return end;
}

static void integer(struct sink *sink, struct conversion *c, char letter, uint64_t value, int negative) {
  char digits[DIGITS], sign[2], *text = digits_of(value, letter, digits + DIGITS);
  size_t n = (size_t)(digits + DIGITS - text), sign_length = 0;
  if (letter == 'd' || letter == 'i') {
    if (negative || c->plus || c->blank)
      sign[sign_length++] = negative ? '-' : c->plus ? '+' : ' ';
  } else if (c->other && value && letter != 'u' && letter != 'o') {
    sign[0] = '0', sign[1] = letter, sign_length = 2;
  }
  int zeros = (c->precision < 0 ? 1 : c->precision) - (int)n;
  if (letter == 'o' && c->other && zeros < 1 && (n == 0 || *text != '0'))
    zeros = 1;
  if (c->zeros && !c->left && c->precision < 0 && c->width - (int)(sign_length + n) > zeros)
    zeros = c->width - (int)(sign_length + n);
  lay_out(sink, c, sign, sign_length, zeros > 0 ? zeros : 0, text, n);
}

/* The argument, sign-extended, and whether it is below zero as a signed one. */
static uint64_t argument(va_list *list, const struct conversion *c, int is_signed, int *negative) {
  int64_t value;
  switch (c->size) {
  case 0: value = is_signed ? va_arg(*list, int) : (int64_t)va_arg(*list, unsigned); break;
  case 'H': value = is_signed ? (signed char)va_arg(*list, int) : (unsigned char)va_arg(*list, int); break;
  case 'h': value = is_signed ? (short)va_arg(*list, int) : (unsigned short)va_arg(*list, int); break;
  default: value = va_arg(*list, int64_t); break;
  }
  *negative = is_signed && value < 0;
  return *negative ? -(uint64_t)value : (uint64_t)value;
}

/* One conversion; 0 if it is none of ours, with nothing done. */
static int convert(struct sink *sink, const char **format, va_list *list) {
  const char *p = *format + 1;
  struct conversion c = {.precision = -1};
  int negative;
  flags(&p, &c);
  if (*p >= '1' && *p <= '9')
    c.width = number(&p);
  if (*p == '.' && p[1] != '*') {
    p++;
    c.precision = number(&p);
  }
  length(&p, &c);
  if (c.width > WIDEST || c.precision > WIDEST)
    return 0;
  switch (*p) {
  case 'd': case 'i': case 'u': case 'x': case 'X': case 'o': {
    uint64_t value = argument(list, &c, *p == 'd' || *p == 'i', &negative);
    integer(sink, &c, *p, value, negative);
    break;
  }
  case 's': {
    if (c.size)
      return 0;
    const char *text = va_arg(*list, const char *);
    text = text ? text : "(null)";
    lay_out(sink, &c, NULL, 0, 0, text, c.precision < 0 ? strlen(text) : strnlen(text, (size_t)c.precision));
    break;
  }
  case 'c': {
    if (c.size)
      return 0;
    char character = (char)va_arg(*list, int);
    lay_out(sink, &c, NULL, 0, 0, &character, 1);
    break;
  }
  case '%':
    if (p != *format + 1)
      return 0;
    put(sink, "%", 1);
    break;
  default:
    return 0; /* also a width or precision by argument, and arguments by number */
  }
  *format = p + 1;
  return 1;
}

/* Whether the format may have a %n, which needs the count of all that came before. */
static int stores(const char *format) {
  for (const char *n = format; (n = strchr(n, 'n')) != NULL; n++) {
    const char *p = n;
    while (p > format && p[-1] && strchr("0123456789-+ #'*$.hlLjztq", p[-1]))
      p--;
    if (p > format && p[-1] == '%')
      return 1;
  }
  return 0;
}

static int print(struct _reent *reent, FILE *stream, const char *format, va_list arguments, printer *rest) {
  struct sink sink;
  va_list list;
  sink.reent = reent, sink.stream = stream, sink.total = 0, sink.failed = 0;
  begin(&sink);
  va_copy(list, arguments);
  for (;;) {
    const char *text = format;
    while (*format && *format != '%')
      format++;
    if (format > text)
      put(&sink, text, (size_t)(format - text));
    if (*format == 0 || !convert(&sink, &format, &list))
      break;
  }
  end(&sink);
  if (*format && !sink.failed) {
    int more = rest(reent, stream, format, list);
    sink.failed = more < 0;
    sink.total += (size_t)more;
  }
  va_end(list);
  if (!sink.failed && sink.total > INT_MAX) {
    reent->_errno = EOVERFLOW;
    return -1;
  }
  return sink.failed ? -1 : (int)sink.total;
}

int _svfprintf_r(struct _reent *reent, FILE *stream, const char *format, va_list list) {
  /* asprintf's buffer does not exist yet */
  if (stream->_flags & __SMBF || stores(format))
    return __newlib__svfprintf_r(reent, stream, format, list);
  return print(reent, stream, format, list, __newlib__svfprintf_r);
}

/* Set up by an earlier write, and buffered. */
static int ready(const FILE *stream) {
  return (stream->_flags & (__SWR | __SNBF | __SORD)) == (__SWR | __SORD) && stream->_bf._base != NULL &&
         !(stream->_flags2 & __SWID);
}

static int print_locked(struct _reent *reent, FILE *stream, const char *format, va_list list) {
  if (!ready(stream) || stores(format))
    return __newlib__vfprintf_r(reent, stream, format, list);
  return print(reent, stream, format, list, __newlib__vfprintf_r);
}

int _vfprintf_r(struct _reent *reent, FILE *stream, const char *format, va_list list) {
  if (__libc_single_threaded)
    return print_locked(reent, stream, format, list);
  int locks = !(stream->_flags2 & __SNLK);
  __hermit_cancel_hold();
  if (locks)
    flockfile(stream);
  int result = print_locked(reent, stream, format, list);
  if (locks)
    funlockfile(stream);
  __hermit_cancel_release();
  return result;
}

int vfprintf(FILE *stream, const char *format, va_list list) { return _vfprintf_r(_REENT, stream, format, list); }
