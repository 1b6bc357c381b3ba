/* Says hello, and to whom: scons run-app. */
#include <stdio.h>

int main(int argc, char **argv)
{
    printf("Hello from a unikernel");
    for (int i = 1; i < argc; i++)
        printf("%s %s", i > 1 ? "," : " to", argv[i]);
    printf("!\n");
    return 0;
}
