/* The memory at a pointer, under a report of -fsanitize=undefined: in base 16, with a mark below the byte pointed at. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ubsan.h"

enum { SHOWN = 32, BEFORE = 4, PAGE = 4096, COLUMNS = 4 * SHOWN, TEXT = 1024, GUARD = 0x200000 };

/* Below the image and above what the CPU can address there is nothing. What is shown stays in one page: a program about to use
   the pointer would fault itself where that is missing. */
static int may_read(value pointer) { return pointer >= GUARD && pointer < 1UL << 47; }

/* Two lines: the bytes, and the mark below those that are meant. Bytes of another page are blank. */
static int draw(value pointer, value meant, char *text) {
  char marks[COLUMNS];
  value first = pointer - BEFORE;
  int column = 0, last = 0;
  for (value at = first; at != first + SHOWN; at++) {
    int same = at / PAGE == pointer / PAGE, marked = at > pointer && at < pointer + meant;
    for (int blanks = at % 8 == 0 ? 2 : 1; blanks; blanks--) {
      text[column] = ' ';
      marks[column++] = marked ? '~' : ' ';
    }
    marks[column] = marked ? '~' : at == pointer ? '^' : ' ';
    marks[column + 1] = marked || (at == pointer && meant > 1) ? '~' : ' ';
    column += sprintf(text + column, same ? "%02x" : "  ", same ? *(const unsigned char *)at : 0);
    last = at < pointer + meant ? column : last;
  }
  return column + sprintf(text + column, "\n%.*s\n", last, marks);
}

void ubsan_show(value pointer, const char *what, const char *label) {
  char text[TEXT + 3 * COLUMNS];
  int length = snprintf(text, TEXT, ADDRESS ": note: %s\n", pointer, what);
  if (length > TEXT - 1)
    length = TEXT - 1;
  if (may_read(pointer))
    length += draw(pointer, label ? sizeof(value) : 1, text + length);
  else
    length += sprintf(text + length, "<memory cannot be printed>\n");
  if (write(STDERR_FILENO, text, (size_t)length) < 0)
    return; /* there is no other place to say it */
  if (label && may_read(pointer)) {
    int mark = 2 * BEFORE + BEFORE + 1;
    for (value at = pointer - BEFORE; at <= pointer; at++)
      mark += at % 8 == 0;
    length = snprintf(text, sizeof text, "%*s%s\n", mark, "", label);
    if (write(STDERR_FILENO, text, (size_t)length) < 0)
      return;
  }
}
