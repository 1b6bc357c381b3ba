// Says hello, and shows what the program was started with. Exit code: the number after --exit, else 0.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

int main(int argc, char **argv)
{
    int code = 0;

    puts("Hello from a unikernel!");
    for (int i = 1; i < argc; i++) {
        printf("argv[%d] = %s\n", i, argv[i]);
        if (strcmp(argv[i], "--environ") == 0)
            for (char **entry = environ; *entry; entry++)
                printf("environ: %s\n", *entry);
        if (strcmp(argv[i], "--exit") == 0 && i + 1 < argc)
            code = atoi(argv[i + 1]);
    }
    return code;
}
