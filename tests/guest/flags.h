/* Between flags.c and flags-part.c, so that -flto has something to join. */
/* SPDX-License-Identifier: BSD-3-Clause */
enum { N = 10000 };

struct block {
  unsigned char bytes[3000];
};

struct block pass(struct block block);
void clear(struct block *block);
