// Shows what it was started with. Options: --exit N, --stdin (echo its lines), --hang (compute for ever).
// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static void echo_lines(void)
{
    char line[256];
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        printf("got '%s'\n", line);
    }
    puts("end");
}

static void hang(void)
{
    puts("hanging");
    fflush(stdout);
    for (volatile unsigned long n = 0;; n++)
        ;
}

int main(int argc, char **argv)
{
    int count = 0;

    printf("argc %d\n", argc);
    for (int i = 1; i < argc; i++)
        printf("argv[%d] '%s'\n", i, argv[i]);
    for (; environ[count]; count++)
        puts(environ[count]);
    printf("environ %d\n", count);
    if (argc > 2 && strcmp(argv[1], "--exit") == 0)
        return atoi(argv[2]);
    if (argc > 1 && strcmp(argv[1], "--stdin") == 0)
        echo_lines();
    if (argc > 1 && strcmp(argv[1], "--hang") == 0)
        hang();
    return 0;
}
