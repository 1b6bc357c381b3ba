// What our port adds to newlib: start and end of a program, signals to oneself, memory, limits, identity, locks.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // secure_getenv
#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/lock.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static int failures, constructed;
static __thread int thread_local = 42;
static __thread char thread_zero[100];
static volatile sig_atomic_t seen, order;
extern char **environ;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s\n", what);
    failures += !holds;
}

__attribute__((constructor)) static void construct(void)
{
    constructed = 1;
}

__attribute__((destructor)) static void destruct(void)
{
    puts(" destructor last");
}

static void first(void)
{
    puts("first");
}

static void second(void)
{
    printf("atexit second, ");
}

static void start(int argc, char **argv)
{
    check("argv", argc == 3 && strcmp(argv[1], "one") == 0 && argv[2][0] == 0 && argv[3] == NULL);
    check("environ", environ && getenv("PORT_TEST") && strcmp(getenv("PORT_TEST"), "set") == 0);
    check("setenv", setenv("NEW", "1", 1) == 0 && strcmp(getenv("NEW"), "1") == 0 && secure_getenv("NEW"));
    check("a constructor ran", constructed);
    check("thread-local data", thread_local == 42 && thread_zero[99] == 0);
    atexit(first);
    atexit(second);
}

static void handler(int number)
{
    seen = number;
    order = order * 10 + (number == SIGUSR1 ? 1 : 2);
}

static void informed(int number, siginfo_t *info, void *context)
{
    (void)context;
    seen = info->si_signo == number && info->si_code == SI_USER && info->si_pid == getpid() ? number : -1;
}

static void signals(void)
{
    struct sigaction action = {.sa_flags = 0}, before;
    sigset_t set, old;
    check("signal", signal(SIGUSR1, handler) == SIG_DFL && raise(SIGUSR1) == 0 && seen == SIGUSR1);
    action.sa_sigaction = informed;
    action.sa_flags = SA_SIGINFO | (int)SA_RESETHAND;
    check("sigaction", sigaction(SIGUSR1, &action, &before) == 0 && before.sa_handler == handler);
    check("siginfo", kill(getpid(), SIGUSR1) == 0 && seen == SIGUSR1);
    check("SA_RESETHAND", sigaction(SIGUSR1, NULL, &before) == 0 && before.sa_handler == SIG_DFL);
    signal(SIGUSR1, handler);
    signal(SIGUSR2, handler);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGUSR1);
    seen = order = 0;
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGUSR2);
    raise(SIGUSR1);
    check("blocked", seen == 0 && sigpending(&old) == 0 && sigismember(&old, SIGUSR1) && sigismember(&old, SIGUSR2));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    check("and delivered later", order == 12 || order == 21);
    signal(SIGUSR1, SIG_IGN);
    check("ignored", raise(SIGUSR1) == 0);
    check("no such signal: EINVAL", raise(77) == -1 && errno == EINVAL);
    check("SIGKILL cannot be caught", signal(SIGKILL, handler) == SIG_ERR && errno == EINVAL);
    check("no other process: ESRCH", kill(12345, 0) == -1 && errno == ESRCH);
}

static void memory(void)
{
    void *block = NULL;
    check("malloc is aligned to 16", (uintptr_t)malloc(24) % 16 == 0 && (uintptr_t)malloc(1) % 16 == 0);
    check("posix_memalign", posix_memalign(&block, 4096, 100) == 0 && (uintptr_t)block % 4096 == 0);
    check("its errors", posix_memalign(&block, 24, 8) == EINVAL && posix_memalign(&block, 64, SIZE_MAX / 2) == ENOMEM);
    errno = 0;
    check("too much: ENOMEM", malloc(SIZE_MAX / 4) == NULL && errno == ENOMEM);
    char *more = realloc(calloc(100, 1), 100000);
    check("calloc and realloc", more && more[99] == 0);
    free(more);
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check("mmap", pages != MAP_FAILED && pages[8191] == 0 && munmap(pages, 8192) == 0);
    check("mmap of a file: an error", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 5, 0) == MAP_FAILED);
    check("sbrk", sbrk(0) != (void *)-1);
}

static void system_facts(void)
{
    struct utsname name;
    struct rusage usage;
    struct rlimit limit;
    struct tms times_used;
    char host[64], bytes[32] = {0}, zeros[32] = {0};
    check("uname", uname(&name) == 0 && strcmp(name.machine, "x86_64") == 0);
    check("gethostname", gethostname(host, sizeof host) == 0 && gethostname(host, 2) == -1 && errno == ENAMETOOLONG);
    check("processors", sysconf(_SC_NPROCESSORS_ONLN) >= 1 && sysconf(_SC_PAGESIZE) == 4096 && sysconf(_SC_PHYS_PAGES) > 100);
    errno = 0;
    check("unknown names: EINVAL", sysconf(12345) == -1 && errno == EINVAL && pathconf("/", 12345) == -1);
    check("root", getuid() == 0 && getpwuid(0) && strcmp(getpwuid(0)->pw_name, "root") == 0 && setuid(0) == 0);
    check("getrusage", getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_maxrss > 0 && getrusage(77, &usage) == -1);
    check("getrlimit", getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == OPEN_MAX);
    check("times", times(&times_used) != (clock_t)-1 && clock() != (clock_t)-1);
    check("getentropy", getentropy(bytes, sizeof bytes) == 0 && memcmp(bytes, zeros, sizeof bytes));
    check("at most 256 bytes: EIO", getentropy(bytes, 257) == -1 && errno == EIO);
    check("getcwd", getcwd(host, sizeof host) == host && strcmp(host, "/") == 0 && getcwd(host, 1) == NULL && errno == ERANGE);
}

static void vectors(void)
{
    struct iovec parts[] = {{"vec", 3}, {"", 0}, {"tors\n", 5}}, wrong[] = {{"x", SIZE_MAX}, {"y", 2}};
    fflush(stdout);
    check("writev", writev(1, parts, 3) == 8);
    check("a length that overflows: EINVAL", writev(1, wrong, 2) == -1 && errno == EINVAL);
    check("a closed descriptor: EBADF", writev(9, parts, 3) == -1 && errno == EBADF);
}

static long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void waiting(void)
{
    struct pollfd fds[] = {{1, POLLOUT, 0}, {-1, POLLIN, 0}, {77, POLLIN, 0}};
    struct timeval brief = {0, 20000};
    fd_set set;
    check("poll", poll(fds, 3, 1000) == 2 && fds[0].revents == POLLOUT && fds[1].revents == 0 && fds[2].revents == POLLNVAL);
    long begin = milliseconds();
    check("poll as a pause", poll(NULL, 0, 20) == 0 && milliseconds() - begin >= 20);
    begin = milliseconds();
    check("select as a pause", select(0, NULL, NULL, NULL, &brief) == 0 && milliseconds() - begin >= 20);
    FD_ZERO(&set);
    FD_SET(2, &set);
    check("select", select(3, NULL, &set, NULL, NULL) == 1 && FD_ISSET(2, &set));
    FD_SET(300, &set);
    check("a closed descriptor: EBADF", select(301, NULL, &set, NULL, &brief) == -1 && errno == EBADF);
    errno = 0;
    check("priority", getpriority(PRIO_PROCESS, 0) == 0 && errno == 0 && setpriority(PRIO_PROCESS, 0, 5) == -1);
}

static void locks(void)
{
    _LOCK_T lock;
    __lock_init_recursive(lock);
    __lock_acquire_recursive(lock);
    check("a recursive lock is taken again", __lock_try_acquire_recursive(lock));
    __lock_release_recursive(lock);
    __lock_release_recursive(lock);
    __lock_close_recursive(lock);
    __lock_init(lock);
    __lock_acquire(lock);
    check("a simple one is not", !__lock_try_acquire(lock));
    __lock_release(lock);
    check("but is once free", __lock_try_acquire(lock));
    __lock_close(lock);
}

static void aborting(int number)
{
    printf("handler saw %d\n", number);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--abort") == 0)
        abort();
    if (argc == 2 && strcmp(argv[1], "--abort-handled") == 0) {
        signal(SIGABRT, aborting);
        abort();
    }
    assert(argc != 2 || strcmp(argv[1], "--assert"));
    start(argc, argv);
    signals();
    memory();
    system_facts();
    vectors();
    waiting();
    locks();
    printf("\n%d failures\n", failures);
    return failures != 0;
}
