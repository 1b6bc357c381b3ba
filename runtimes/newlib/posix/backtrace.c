/* The callers of a function by the unwinder's tables, as execinfo.h gives them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <unwind.h>

#include "../port/port.h"

enum { LINE = 24 };

struct walk {
  void **frames;
  int count, room;
};

static _Unwind_Reason_Code note(struct _Unwind_Context *context, void *data) {
  struct walk *walk = data;
  void *address = (void *)_Unwind_GetIP(context);
  if (walk->count == walk->room || address == NULL)
    return _URC_END_OF_STACK;
  if (walk->count >= 0)
    walk->frames[walk->count] = address;
  walk->count++;
  return _URC_NO_REASON;
}

/* The first frame is this function's own. */
__attribute__((noinline)) int backtrace(void **frames, int room) {
  struct walk walk = {frames, -1, room};
  if (room <= 0)
    return 0;
  _Unwind_Backtrace(note, &walk);
  return walk.count < 0 ? 0 : walk.count;
}

char **backtrace_symbols(void *const *frames, int count) {
  char **list = malloc((size_t)count * (sizeof *list + LINE));
  if (list == NULL)
    return NULL;
  char *text = (char *)(list + count);
  for (int i = 0; i < count; i++, text += LINE) {
    list[i] = text;
    snprintf(text, LINE, "[%p]", frames[i]);
  }
  return list;
}

void backtrace_symbols_fd(void *const *frames, int count, int fd) {
  for (int i = 0; i < count; i++) {
    char text[LINE];
    int length = snprintf(text, sizeof text, "[%p]\n", frames[i]);
    (void)!write(fd, text, (size_t)length);
  }
}
