/* BSD's messages on stderr: "program: text: error's text" (those with x: without the error), and the end with `code`. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _ERR_H
#define _ERR_H

#include <stdarg.h>
#include <sys/cdefs.h>

#define __err_like(first) __attribute__((__format__(__printf__, first, first + 1)))
#define __verr_like(first) __attribute__((__format__(__printf__, first, 0)))

__BEGIN_DECLS
void warn(const char *format, ...) __err_like(1);
void warnx(const char *format, ...) __err_like(1);
void vwarn(const char *format, va_list list) __verr_like(1);
void vwarnx(const char *format, va_list list) __verr_like(1);
void err(int code, const char *format, ...) __err_like(2) __attribute__((__noreturn__));
void errx(int code, const char *format, ...) __err_like(2) __attribute__((__noreturn__));
void verr(int code, const char *format, va_list list) __verr_like(2) __attribute__((__noreturn__));
void verrx(int code, const char *format, va_list list) __verr_like(2) __attribute__((__noreturn__));
__END_DECLS

#endif
