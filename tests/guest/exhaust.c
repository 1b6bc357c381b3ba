// Takes memory until there is none, and goes on.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    static char *blocks[100000];
    int count = 0;

    while (count < 100000 && (blocks[count] = malloc(64 << 10)) != NULL)
        count++;
    printf("%s after %d blocks\n", errno == ENOMEM ? "out of memory" : "WRONG errno", count);
    while (count > 0)
        free(blocks[--count]);
    char *again = malloc(4 << 20);
    puts(again ? "still alive" : "WRONG: nothing came back");
    return again == NULL;
}
