/* What newlib declares or keeps under another name: whole lines, and locking a stream by hand. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <sys/lock.h>
#include <sys/stdio.h>

#include "port.h"

ssize_t getdelim(char **line, size_t *size, int end, FILE *stream) { return __getdelim(line, size, end, stream); }

ssize_t getline(char **line, size_t *size, FILE *stream) { return __getdelim(line, size, '\n', stream); }

void flockfile(FILE *stream) { _flockfile(stream); }

/* 0 where it was free or ours; trying newlib's lock tells 1. */
int ftrylockfile(FILE *stream) { return !(stream->_flags & __SSTR) && !__lock_try_acquire_recursive(stream->_lock); }

void funlockfile(FILE *stream) { _funlockfile(stream); }
