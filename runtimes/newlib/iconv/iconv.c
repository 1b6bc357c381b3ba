/* iconv(): one character after the other, so that every error leaves the text where it stands. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../port/port.h"
#include "side.h"

struct conversion {
  struct side from, to;
  int transliterates, ignores;
};

/* An encoding's name ends at the first "//"; behind it stand what to do with characters that the other has not. */
static int take(const char *name, struct side *side, struct conversion *conversion) {
  const char *end = strstr(name, "//");
  size_t length = end ? (size_t)(end - name) : strlen(name);
  if (length && name[length - 1] == '/')
    length--;
  for (const char *at = end; conversion && at && *at;) {
    at += strspn(at, "/,");
    size_t word = strcspn(at, "/,");
    conversion->transliterates |= word == 8 && strncasecmp(at, "TRANSLIT", word) == 0;
    conversion->ignores |= word == 6 && strncasecmp(at, "IGNORE", word) == 0;
    at += word;
  }
  return __hermit_charset(name, length, side);
}

iconv_t iconv_open(const char *to, const char *from) {
  struct conversion *conversion = calloc(1, sizeof *conversion);
  if (conversion == NULL)
    return (iconv_t)-1;
  if (!take(to, &conversion->to, conversion) || !take(from, &conversion->from, NULL)) {
    free(conversion);
    errno = EINVAL;
    return (iconv_t)-1;
  }
  return conversion;
}

int iconv_close(iconv_t descriptor) {
  free(descriptor);
  return 0;
}

/* Bytes written, or a negative value; *replaced tells of a character that the target has not. */
static int write(struct conversion *conversion, uint32_t sign, unsigned char *to, size_t size, int *replaced) {
  int length = __hermit_encode(&conversion->to, sign, to, size), sum = 0;
  char own[SIGNS_MAX];
  if (length != NO_SIGN)
    return length;
  *replaced = 1;
  const char *instead = conversion->transliterates ? __hermit_transliterate(sign, own) : NULL;
  if (conversion->transliterates && instead == NULL)
    instead = conversion->ignores ? "" : "?";
  if (instead == NULL)
    return conversion->ignores ? 0 : NO_SIGN;
  for (; *instead; instead++, sum += length)
    if ((length = __hermit_encode(&conversion->to, (uint32_t)*instead, to + sum, size - (size_t)sum)) < 0)
      return length;
  return sum;
}

static size_t stops(int error) {
  errno = error;
  return (size_t)-1;
}

size_t iconv(iconv_t descriptor, char **restrict from, size_t *restrict left, char **restrict to,
             size_t *restrict room) {
  struct conversion *conversion = descriptor;
  size_t replaced = 0;
  if (from == NULL || *from == NULL) {
    conversion->from.started = conversion->to.started = 0;
    if (conversion->from.marked)
      conversion->from.big_endian = 0;
    return 0;
  }
  while (*left) {
    uint32_t sign = 0;
    int other = 0, taken = __hermit_decode(&conversion->from, (const unsigned char *)*from, *left, &sign);
    if (taken == INCOMPLETE)
      return stops(EINVAL);
    if (taken == INVALID) {
      if (!conversion->ignores)
        return stops(EILSEQ);
      (*from)++, (*left)--;
      continue;
    }
    int written = 0;
    if (taken > MARK_BYTES) {
      taken -= MARK_BYTES;
    } else {
      written = write(conversion, sign, (unsigned char *)*to, *room, &other);
      if (written < 0)
        return stops(written == NO_ROOM ? E2BIG : EILSEQ);
    }
    *from += taken, *left -= (size_t)taken;
    *to += written, *room -= (size_t)written;
    replaced += (size_t)other;
  }
  return replaced;
}
