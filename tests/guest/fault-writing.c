// One thread faults while another writes without a pause: the fault's record comes whole, and the guest ends.
// SPDX-License-Identifier: BSD-3-Clause
#include <hermit/syscalls.h>
#include <stdio.h>

static void write_on(void *argument)
{
    static const char text[] = "................................................................\n";
    (void)argument;
    for (;;)
        sys_write(1, text, sizeof text - 1);
}

static void fault_now(void)
{
    *(volatile int *)8 = 1;
}

int main(void)
{
    struct sys_thread_options options = {.policy = -1};
    struct sys_thread made;

    if (sys_thread_new(&options, &made))
        return 1;
    sys_thread_start(made.tid, write_on, NULL);
    sys_usleep(3000 + sys_rand() % 3000);
    fault_now();
    return 2;
}
