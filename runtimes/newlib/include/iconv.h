/* Text from one character set to another: UTF-8, -16, -32, ASCII, ISO 8859 and Windows' sets of one byte. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _ICONV_H_
#define _ICONV_H_

#include <sys/cdefs.h>
#define __need_size_t
#include <stddef.h>

typedef void *iconv_t;

__BEGIN_DECLS
iconv_t iconv_open(const char *, const char *);
size_t iconv(iconv_t, char **__restrict, size_t *__restrict, char **__restrict, size_t *__restrict);
int iconv_close(iconv_t);
__END_DECLS

#endif
