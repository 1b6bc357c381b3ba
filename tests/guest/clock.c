// Clocks, sleeping and random numbers. Only bounds that hold on a busy host: a sleep is never too short.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <hermit/syscalls.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define MS 1000000L
#define SECOND 1000000000L

static int failures;

static void check(const char *what, int holds)
{
    printf("%s: %s\n", holds ? "ok" : "FAILED", what);
    failures += !holds;
}

static long now(clockid_t clock)
{
    struct timespec t;
    return clock_gettime(clock, &t) ? -1 : t.tv_sec * SECOND + t.tv_nsec;
}

static void readings(void)
{
    long last = now(CLOCK_MONOTONIC), backwards = 0, moved = 0;
    struct timespec t;

    for (int i = 0; i < 100000; i++) {
        long next = now(CLOCK_MONOTONIC);
        backwards += next < last;
        moved += next - last > 0 && next - last < 1000;
        last = next;
    }
    check("monotonic time never goes back", !backwards);
    check("and has steps below a microsecond", moved > 100);
    check("a resolution of a nanosecond", clock_getres(CLOCK_REALTIME, &t) == 0 && t.tv_sec == 0 && t.tv_nsec == 1);
    check("an unknown clock: EINVAL", sys_clock_gettime(77, &t) == -EINVAL);
    check("the CPU's frequency is one", sys_get_processor_frequency() > 50 && sys_get_processor_frequency() < 10000);
    // 2025 to 2100; and both ways of asking agree
    long real = now(CLOCK_REALTIME) / SECOND;
    check("realtime is ours", real > 1735689600 && real < 4102444800);
    check("time() says the same", time(NULL) - real <= 2 && time(NULL) >= real);
}

static void sleeping(void)
{
    static const long lengths[] = {0, 1, 1000, 50000, 500000, 3 * MS, 20 * MS};
    long start, cpu;

    for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct timespec t = {0, lengths[i]}, rest = {9, 9};
        start = now(CLOCK_MONOTONIC);
        int result = nanosleep(&t, &rest);
        long slept = now(CLOCK_MONOTONIC) - start;
        check("a sleep is long enough", result == 0 && slept >= lengths[i]);
        check("and not much too long", slept < lengths[i] + SECOND);
    }
    cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    start = now(CLOCK_MONOTONIC);
    sys_usleep(100000);
    check("a sleeper computes little", now(CLOCK_PROCESS_CPUTIME_ID) - cpu < (now(CLOCK_MONOTONIC) - start) / 2);
    struct timespec until = {0, 0}, bad = {0, SECOND};
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 20 * MS;
    until.tv_sec += until.tv_nsec / SECOND;
    until.tv_nsec %= SECOND;
    check("a sleep until", sys_clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) == 0);
    check("ends after its time", now(CLOCK_REALTIME) >= until.tv_sec * SECOND + until.tv_nsec);
    start = now(CLOCK_MONOTONIC);
    sys_clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL);
    check("a time that is over is no sleep", now(CLOCK_MONOTONIC) - start < SECOND);
    check("a crooked time: EINVAL", sys_nanosleep(&bad, NULL) == -EINVAL);
    // longer than the timer's counter holds
    struct timespec long_sleep = {5, 0};
    start = now(CLOCK_MONOTONIC);
    sys_nanosleep(&long_sleep, NULL);
    check("five seconds", now(CLOCK_MONOTONIC) - start >= 5 * SECOND);
}

static void setting(void)
{
    struct timespec t = {1000000000, 0};

    check("realtime can be set", sys_clock_settime(CLOCK_REALTIME, &t) == 0);
    check("and goes on from there", now(CLOCK_REALTIME) >= 1000000000 * SECOND && now(CLOCK_REALTIME) < 1000000010 * SECOND);
    t.tv_sec = 1L << 62;
    check("not past what clocks can tell", sys_clock_settime(CLOCK_REALTIME, &t) == -EINVAL && now(CLOCK_REALTIME) > 0);
    check("monotonic time cannot", sys_clock_settime(CLOCK_MONOTONIC, &t) == -EINVAL);
}

static void waiting(void)
{
    static volatile uint32_t word = 3;
    struct timespec t = {0, 10 * MS};
    long start = now(CLOCK_MONOTONIC);

    check("a futex of another value: EAGAIN", sys_futex_wait(&word, 4, &t) == -EAGAIN);
    check("one that nobody wakes: ETIMEDOUT", sys_futex_wait(&word, 3, &t) == -ETIMEDOUT);
    check("after its time", now(CLOCK_MONOTONIC) - start >= 10 * MS);
    check("nobody to wake", sys_futex_wake(&word, 1) == 0);
}

static void randomness(void)
{
    uint64_t words[4] = {0}, again[4] = {0};

    check("random bytes", sys_read_entropy(words, sizeof words, 0) == sizeof words);
    sys_read_entropy(again, sizeof again, 0);
    check("that differ", memcmp(words, again, sizeof words) != 0 && words[0] != words[1]);
    check("and are no negative int", sys_rand() >= 0);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--deadlock") == 0) {
        static volatile uint32_t word;
        puts("waiting");
        fflush(stdout);
        sys_futex_wait(&word, 0, NULL);
    }
    readings();
    sleeping();
    waiting();
    setting();
    randomness();
    printf("%d failures\n", failures);
    return failures != 0;
}
