// What programs written for other systems expect of POSIX, BSD and C11: jumps with masks, lines, dates, names, lists.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // program_invocation_short_name
#include <err.h>
#include <errno.h>
#include <fenv.h>
#include <libgen.h>
#include <search.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timeb.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

static int failures;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s\n", what);
    failures += !holds;
}

static sigjmp_buf place;

static void jump_out(int number)
{
    siglongjmp(place, number);
}

static int blocked(int number)
{
    sigset_t mask;
    sigprocmask(SIG_SETMASK, NULL, &mask);
    return sigismember(&mask, number);
}

static int jumped(volatile int value)
{
    jmp_buf here;
    int got = setjmp(here);
    if (got == 0 && value >= 0)
        longjmp(here, (value = -1 - value) + 1 ? -1 - value : 0);
    return value < 0 ? got : -1;
}

static void jumps(void)
{
    check("longjmp with 0 gives 1", jumped(0) == 1);
    check("longjmp with 1 gives 1", jumped(1) == 1);
    check("longjmp with 7 gives 7", jumped(7) == 7);
    struct { jmp_buf buffer; long behind; } plain = {.behind = 42};
    volatile int times = 0;
    if (_setjmp(plain.buffer) == 0) {
        times++;
        _longjmp(plain.buffer, 3);
    }
    check("_setjmp writes its buffer alone", times == 1 && plain.behind == 42);
    signal(SIGUSR1, jump_out);
    for (volatile int round = 0; round < 3; round++) {
        if (sigsetjmp(place, 1) == 0)
            raise(SIGUSR1);
        check("siglongjmp unblocks the signal again", !blocked(SIGUSR1));
    }
    if (sigsetjmp(place, 0) == 0)
        raise(SIGUSR1);
    check("sigsetjmp without mask leaves it blocked", blocked(SIGUSR1));
}

static void sets(void)
{
    int (*volatile clear)(sigset_t *) = sigemptyset, (*volatile add)(sigset_t *, int) = sigaddset;
    int (*volatile fill)(sigset_t *) = sigfillset, (*volatile drop)(sigset_t *, int) = sigdelset;
    int (*volatile has)(const sigset_t *, int) = sigismember;
    sigset_t set;
    check("an empty set", clear(&set) == 0 && !has(&set, SIGINT));
    check("a signal more", add(&set, SIGINT) == 0 && has(&set, SIGINT) && !has(&set, SIGTERM));
    check("all but one", fill(&set) == 0 && drop(&set, SIGINT) == 0 && !has(&set, SIGINT) && has(&set, SIGTERM));
    check("no such signal", add(&set, 0) == -1 && errno == EINVAL && has(&set, 1000) == -1);
}

static void lines(void)
{
    char *line = NULL;
    size_t size = 0;
    check("getline", getline(&line, &size, stdin) == 6 && strcmp(line, "first\n") == 0 && size >= 7);
    check("getdelim", getdelim(&line, &size, ':', stdin) == 4 && strcmp(line, "two:") == 0);
    flockfile(stdin);
    check("ftrylockfile", ftrylockfile(stdin) == 0);
    check("getc_unlocked", getc_unlocked(stdin) == '3');
    funlockfile(stdin);
    funlockfile(stdin);
    check("the last line has no end", getline(&line, &size, stdin) == 1 && strcmp(line, "4") == 0);
    check("end of file", getline(&line, &size, stdin) == -1 && feof(stdin));
    free(line);
}

static int same(struct tm date, long long time)
{
    struct tm back = date;
    time_t got = timegm(&back), again = timegm(&back);
    return got == time && again == time && back.tm_wday == ((time / 86400 - (time % 86400 < 0)) % 7 + 11) % 7;
}

static void dates(void)
{
    check("1970", same((struct tm){.tm_year = 70, .tm_mday = 1}, 0));
    check("a leap day", same((struct tm){.tm_year = 120, .tm_mon = 1, .tm_mday = 29, .tm_hour = 12}, 1582977600));
    check("2100 has none", same((struct tm){.tm_year = 200, .tm_mon = 1, .tm_mday = 29}, 4107542400));
    check("before 1970", same((struct tm){.tm_year = 69, .tm_mon = 11, .tm_mday = 31, .tm_sec = 1}, -86399));
    check("1900", same((struct tm){.tm_mday = 1}, -2208988800));
    check("months beyond the year", same((struct tm){.tm_year = 71, .tm_mon = -13, .tm_mday = 32}, 0));
    struct timespec now;
    struct timeb old;
    check("timespec_get", timespec_get(&now, TIME_UTC) == TIME_UTC && timespec_get(&now, 0) == 0);
    check("ftime", ftime(&old) == 0 && llabs(old.time - now.tv_sec) <= 1 && old.millitm < 1000);
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    check("timezone and daylight", timezone == -3600 && daylight && strcmp(tzname[1], "CEST") == 0);
}

static int splits(const char *path, const char *folder, const char *name)
{
    char one[32], two[32];
    return strcmp(dirname(strcpy(one, path)), folder) == 0 && strcmp(basename(strcpy(two, path)), name) == 0;
}

static void names(void)
{
    check("/usr/lib", splits("/usr/lib", "/usr", "lib"));
    check("/usr/", splits("/usr/", "/", "usr"));
    check("usr", splits("usr", ".", "usr"));
    check("/", splits("/", "/", "/") && splits("///", "/", "/"));
    check("a//b//", splits("a//b//", "a", "b"));
    check("empty", splits("", ".", ".") && strcmp(dirname(NULL), ".") == 0);
    check("an error without name", strcmp(strerror(12345), "Unknown error 12345") == 0 && *strerror(ENOENT) == 'N');
    check("program", strcmp(program_invocation_short_name, "posix") == 0);
    check("fchown", fchown(9, 0, 0) == -1 && errno == EBADF && lchown("no", 0, 0) == -1 && errno == ENOENT);
}

struct item {
    struct item *next, *before;
};

static int by_int(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void lists(void)
{
    int numbers[4] = {5, 3, 8}, wanted = 3, fresh = 9;
    size_t count = 3;
    struct item a, b, c;
    check("lfind", lfind(&wanted, numbers, &count, sizeof *numbers, by_int) == numbers + 1);
    check("lfind finds nothing", lfind(&fresh, numbers, &count, sizeof *numbers, by_int) == NULL && count == 3);
    check("lsearch", lsearch(&fresh, numbers, &count, sizeof *numbers, by_int) == numbers + 3 && count == 4);
    check("lsearch appends", numbers[3] == 9);
    insque(&a, NULL);
    insque(&c, &a);
    insque(&b, &a);
    check("insque", a.next == &b && b.next == &c && c.next == NULL && c.before == &b && a.before == NULL);
    remque(&b);
    check("remque", a.next == &c && c.before == &a);
}

static void traps(void)
{
    int (*volatile enable)(int) = feenableexcept;
    check("no trap at first", fegetexcept() == 0);
    check("traps before", enable(FE_DIVBYZERO | FE_INVALID) == 0 && fegetexcept() == (FE_DIVBYZERO | FE_INVALID));
    check("one less", fedisableexcept(FE_INVALID) == (FE_DIVBYZERO | FE_INVALID) && fegetexcept() == FE_DIVBYZERO);
}

int main(int count, char **arguments)
{
    volatile double zero = 0;
    traps();
    if (count > 1)
        printf("%s: %g\n", arguments[1], 1 / zero);
    fedisableexcept(FE_ALL_EXCEPT);
    check("no trap", 1 / zero > 1 && fetestexcept(FE_DIVBYZERO));
    check("nice", nice(5) == 0);
    jumps();
    sets();
    lines();
    dates();
    names();
    lists();
    printf("\n%d failures\n", failures);
    errno = ENOENT;
    warn("%s", "a file");
    warnx("code %d", EX_USAGE);
    if (failures == 0)
        err(EX_DATAERR, "the end");
    return 1;
}
