// What ported programs expect of GNU, BSD and XSI beyond newlib: trees of files, patterns, users, environment, contexts.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <error.h>
#include <execinfo.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <ftw.h>
#include <fts.h>
#include <glob.h>
#include <grp.h>
#include <libintl.h>
#include <mntent.h>
#include <monetary.h>
#include <netdb.h>
#include <pwd.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <ucontext.h>
#include <unistd.h>
#include <utmpx.h>
#include <wordexp.h>

static int failures;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s (errno %d)\n", what, errno);
    failures += !holds;
}

static void check_fnmatch(void)
{
    static const struct { const char *pattern, *name; int flags, matches; } cases[] = {
        {"*.c", "main.c", 0, 1}, {"*.c", ".c", FNM_PERIOD, 0}, {"*", "a/b", FNM_PATHNAME, 0}, {"*/b", "a/b", FNM_PATHNAME, 1},
        {"[a-c]?", "bx", 0, 1}, {"[!a-c]", "b", 0, 0}, {"[[:digit:]]*", "4x", 0, 1}, {"A*", "abc", FNM_CASEFOLD, 1},
        {"a*", "abc/d", FNM_PATHNAME | FNM_LEADING_DIR, 1}, {"\\*", "*", 0, 1}, {"\\*", "\\x", FNM_NOESCAPE, 1}, {"[]]", "]", 0, 1},
        {"a*b*c*d", "aXbYcZcd", 0, 1}, {"a*b*c*d", "aXbYcZ", 0, 0}, {"*/*", "a/.b", FNM_PATHNAME | FNM_PERIOD, 0}, {"[a", "[a", 0, 1},
        {"", "", 0, 1}, {"?", "", 0, 0}, {"**a", "bba", 0, 1}, {"[[.a.]]", "a", 0, 1}, {"x[/]y", "x/y", FNM_PATHNAME, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if ((fnmatch(cases[i].pattern, cases[i].name, cases[i].flags) == 0) != cases[i].matches)
            check(cases[i].pattern, 0);
}

static void make_file(const char *path)
{
    int fd = open(path, O_CREAT | O_WRONLY, 0644);
    check(path, fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0);
}

static char seen[400];

static int note(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    sprintf(seen + strlen(seen), "%s:%d:%d ", path + place->base, type, place->level);
    return 0;
}

static int stop_at_b(const char *path, const struct stat *status, int type)
{
    (void)status;
    return type == FTW_F && strstr(path, "b.c") ? 7 : 0;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void check_trees(void)
{
    check("folders", mkdir("/tmp/tree", 0755) == 0 && mkdir("/tmp/tree/sub", 0755) == 0);
    make_file("/tmp/tree/a.c");
    make_file("/tmp/tree/b.c");
    make_file("/tmp/tree/.hidden.c");
    make_file("/tmp/tree/sub/c.c");

    glob_t found = {.gl_offs = 2};
    check("glob", glob("/tmp/tree/*.c", GLOB_DOOFFS, NULL, &found) == 0 && found.gl_pathc == 2 && found.gl_pathv[0] == NULL
                      && strcmp(found.gl_pathv[2], "/tmp/tree/a.c") == 0 && strcmp(found.gl_pathv[3], "/tmp/tree/b.c") == 0);
    check("glob appends", glob("/tmp/tree/*/*.c", GLOB_DOOFFS | GLOB_APPEND, NULL, &found) == 0 && found.gl_pathc == 3
                              && strcmp(found.gl_pathv[4], "/tmp/tree/sub/c.c") == 0 && found.gl_pathv[5] == NULL);
    globfree(&found);
    check("glob marks", glob("/tmp/t*e/s[t-v]b", GLOB_MARK, NULL, &found) == 0 && strcmp(found.gl_pathv[0], "/tmp/tree/sub/") == 0);
    globfree(&found);
    check("glob braces", glob("/tmp/tree/{b,a,x}.c", GLOB_BRACE, NULL, &found) == 0 && found.gl_pathc == 2
                             && strcmp(found.gl_pathv[0], "/tmp/tree/b.c") == 0);
    globfree(&found);
    check("glob without", glob("/tmp/tree/*.x", 0, NULL, &found) == GLOB_NOMATCH);
    check("glob as it is", glob("/tmp/tree/*.x", GLOB_NOCHECK, NULL, &found) == 0 && strcmp(found.gl_pathv[0], "/tmp/tree/*.x") == 0);
    globfree(&found);

    wordexp_t words;
    setenv("WHERE", "/tmp/tree", 1);
    check("wordexp", wordexp("one 'two  x' $WHERE/*.c \"${WHERE}\" ${NONE:-none}", &words, 0) == 0 && words.we_wordc == 6
                         && strcmp(words.we_wordv[1], "two  x") == 0 && strcmp(words.we_wordv[3], "/tmp/tree/b.c") == 0
                         && strcmp(words.we_wordv[4], "/tmp/tree") == 0 && strcmp(words.we_wordv[5], "none") == 0);
    wordfree(&words);
    check("wordexp refuses", wordexp("$(ls)", &words, 0) == WRDE_CMDSUB && wordexp("a|b", &words, 0) == WRDE_BADCHAR
                                 && wordexp("'a", &words, 0) == WRDE_SYNTAX && wordexp("$NONE", &words, WRDE_UNDEF) == WRDE_BADVAL);

    check("nftw", nftw("/tmp/tree/sub", note, 4, FTW_PHYS | FTW_DEPTH) == 0 && strcmp(seen, "c.c:0:1 sub:5:0 ") == 0);
    check("ftw stops", ftw("/tmp/tree", stop_at_b, 4) == 7);
    check("ftw finds nothing", ftw("/tmp/none", stop_at_b, 4) == -1 && errno == ENOENT);

    char *roots[] = {(char[]){"/tmp/tree"}, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    seen[0] = 0;
    for (FTSENT *entry; (entry = fts_read(walk)) != NULL;)
        sprintf(seen + strlen(seen), "%s:%d ", entry->fts_name, entry->fts_info);
    check("fts", strstr(seen, "tree:1 .hidden.c:8 a.c:8 b.c:8 sub:1 c.c:8 sub:6 ") != NULL && errno == 0 && fts_close(walk) == 0);

    struct statvfs space;
    check("statvfs", statvfs("/tmp", &space) == 0 && space.f_bsize == 4096 && space.f_blocks > space.f_bfree && space.f_bfree > 0);
}

static void check_users(void)
{
    char buffer[200];
    struct passwd user, *found;
    struct group group, *group_found;
    check("getpwuid", strcmp(getpwuid(0)->pw_name, "root") == 0 && getpwnam("nobody") == NULL);
    check("getpwnam_r", getpwnam_r("root", &user, buffer, sizeof buffer, &found) == 0 && found == &user && strcmp(user.pw_dir, "/") == 0);
    check("getpwnam_r knows its room", getpwnam_r("root", &user, buffer, 8, &found) == ERANGE && found == NULL);
    check("getgrgid_r", getgrgid_r(0, &group, buffer, sizeof buffer, &group_found) == 0 && group.gr_mem[0] == NULL);
    check("getpwent", getpwent() && getpwent() == NULL);
    check("only root", setreuid(0, 0) == 0 && setresuid(1, -1, -1) == -1 && errno == EPERM);
    gid_t list[2];
    int count = 2;
    check("getgrouplist", getgrouplist("root", 0, list, &count) == 1 && list[0] == 0);
    check("nobody is logged in", getutxent() == NULL);
}

static void check_environment(void)
{
    char own[] = "OWN=first";
    check("putenv keeps the string", putenv(own) == 0 && strcmp(getenv("OWN"), "first") == 0);
    own[4] = 'F';
    check("and its changes", strcmp(getenv("OWN"), "First") == 0);
    const char *before = getenv("OWN");
    check("setenv does not write there", setenv("OWN", "x", 1) == 0 && strcmp(before, "First") == 0 && strcmp(getenv("OWN"), "x") == 0);
    check("setenv may keep", setenv("OWN", "y", 0) == 0 && strcmp(getenv("OWN"), "x") == 0);
    check("names", setenv("", "x", 1) == -1 && setenv("a=b", "x", 1) == -1 && errno == EINVAL);
    for (int i = 0; i < 100; i++) {
        char name[20];
        sprintf(name, "NAME%d", i);
        setenv(name, name, 1);
    }
    check("many", strcmp(getenv("NAME99"), "NAME99") == 0 && unsetenv("NAME50") == 0 && getenv("NAME50") == NULL);
    check("clearenv", clearenv() == 0 && getenv("OWN") == NULL && setenv("AGAIN", "1", 1) == 0 && strcmp(getenv("AGAIN"), "1") == 0);
}

static void check_random(void)
{
    char state[64], *before;
    check("random", random() == 1804289383 && random() == 846930886);
    before = initstate(1, state, sizeof state);
    long first = random();
    random();
    check("setstate", setstate(before) == state && random() == 1681692777 && setstate(state) == before);
    srandom(1);
    check("srandom", random() == first);
    struct random_data data = {0};
    int32_t value;
    check("random_r", initstate_r(1, (char[128]){0}, 128, &data) == 0 && random_r(&data, &value) == 0 && value == 1804289383);
}

static ucontext_t main_context, coroutine;
static int steps[4], step;

static void run(int a, int b, int c, int d, int e, int f, int g)
{
    steps[step++] = a + b + c + d + e + f + g;
    swapcontext(&coroutine, &main_context);
    steps[step++] = 100;
}

static void check_contexts(void)
{
    static char stack[65536];
    volatile int times = 0;
    ucontext_t here;
    getcontext(&here);
    if (++times < 3)
        setcontext(&here);
    check("setcontext comes back", times == 3);
    getcontext(&coroutine);
    coroutine.uc_stack = (stack_t){.ss_sp = stack, .ss_size = sizeof stack};
    coroutine.uc_link = &main_context;
    makecontext(&coroutine, (void (*)(void))run, 7, 1, 2, 3, 4, 5, 6, 7);
    swapcontext(&main_context, &coroutine);
    steps[step++] = 50;
    swapcontext(&main_context, &coroutine);
    check("swapcontext", step == 3 && steps[0] == 28 && steps[1] == 50 && steps[2] == 100);
}

static void check_addresses(void)
{
    struct in6_addr v6;
    struct in_addr v4;
    char text[INET6_ADDRSTRLEN];
    check("pton", inet_pton(AF_INET6, "2001:db8::1:0:0:7", &v6) == 1 && inet_pton(AF_INET6, "1::2::3", &v6) == 0
                      && inet_pton(AF_INET, "1.2.3", &v4) == 0 && inet_pton(AF_INET, "1.2.3.256", &v4) == 0);
    inet_pton(AF_INET6, "2001:db8::1:0:0:7", &v6);
    check("ntop", strcmp(inet_ntop(AF_INET6, &v6, text, sizeof text), "2001:db8::1:0:0:7") == 0
                      && strcmp(inet_ntop(AF_INET6, &in6addr_loopback, text, sizeof text), "::1") == 0);
    check("aton", inet_aton("127.1", &v4) && strcmp(inet_ntoa(v4), "127.0.0.1") == 0 && ntohl(v4.s_addr) == INADDR_LOOPBACK);
    struct addrinfo *found, numeric = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_DGRAM};
    check("getaddrinfo", getaddrinfo("::1", "80", &numeric, &found) == 0 && found->ai_family == AF_INET6);
    freeaddrinfo(found);
    check("no names", getaddrinfo("example.org", NULL, NULL, &found) == EAI_FAIL && gethostbyname("example.org") == NULL);
    check("no sockets", socket(AF_INET, SOCK_STREAM, 0) == -1 && errno == ENOSYS && listen(1, 1) == -1 && errno == ENOTSOCK);
}

// Things of several processes fail, each with its own error; nothing pretends.
static void check_refusals(void)
{
    check("dlopen", dlopen("libm.so", RTLD_NOW) == NULL && strstr(dlerror(), "libm.so") != NULL && dlerror() == NULL);
    check("dlsym", dlsym(dlopen(NULL, RTLD_NOW), "main") == NULL && strstr(dlerror(), "main") != NULL);
    Dl_info information;
    check("dladdr", dladdr((void *)check_refusals, &information) == 1 && information.dli_fbase != NULL && !dladdr(&information, &information));
    check("shmget", shmget(1, 1, 0) == -1 && errno == ENOSYS);
    check("processes", fork() == -1 && errno == ENOSYS && daemon(0, 0) == -1 && errno == ENOSYS && wait4(-1, NULL, 0, NULL) == -1
                           && errno == ECHILD && popen("ls", "r") == NULL && system(NULL) == 0);
    check("terminals", tcdrain(1) == -1 && errno == ENOTTY && tcgetpgrp(99) == -1 && errno == EBADF && posix_openpt(O_RDWR) == -1);
    check("auxv", getauxval(AT_PAGESZ) == 4096 && (errno = 0, getauxval(AT_SYSINFO_EHDR) == 0) && errno == ENOENT);
    struct rlimit limit = {0, 0};
    check("limits", setrlimit(RLIMIT_CORE, &limit) == 0 && setrlimit(RLIMIT_AS, &limit) == -1 && errno == EPERM);
    check("gettext", strcmp(ngettext("file", "files", 2), "files") == 0 && strcmp(textdomain(NULL), "messages") == 0);
    char text[40];
    check("confstr", confstr(_CS_PATH, text, sizeof text) == sizeof "/bin:/usr/bin" && get_nprocs() >= 1);
    check("strfmon", strfmon(text, sizeof text, "%!(#5.2n|%n", -123.456, 7.0) > 0 && strcmp(text, "(  123.46)|7.00") == 0);
    check("strfrom", strfromd(text, sizeof text, "%.3f", 1.5) == 5 && strcmp(text, "1.500") == 0 && strfroml(text, 4, "%g", 2.25L) == 4);
    check("names", strcmp(strerrorname_np(ENOENT), "ENOENT") == 0 && strcmp(sigabbrev_np(11), "SEGV") == 0 && sigabbrev_np(63) == NULL);
    struct mntent entry;
    char line[] = "a\\040b /m tmpfs rw,size=1 0 2\n";
    FILE *table = fmemopen(line, strlen(line), "r");
    check("mntent", getmntent_r(table, &entry, text, sizeof text) && strcmp(entry.mnt_fsname, "a b") == 0 && entry.mnt_passno == 2
                        && hasmntopt(&entry, "size") && !hasmntopt(&entry, "siz"));
    fclose(table);
}

static int depth_of(int more)
{
    void *frames[20];
    int count = more ? depth_of(more - 1) : backtrace(frames, 20);
    return count + (more < 0);
}

int main(void)
{
    check_fnmatch();
    check_trees();
    check_users();
    check_random();
    check_contexts();
    check_addresses();
    check_refusals();
    check_environment();
    check("backtrace", depth_of(4) >= 6);
    openlog("ported", LOG_PID, LOG_USER);
    setlogmask(LOG_UPTO(LOG_WARNING));
    syslog(LOG_INFO, "not this");
    errno = ENOENT;
    syslog(LOG_WARNING, "log %d: %m", 1);
    error(0, ENOENT, "message %d", 2);
    printf("%d failures\n", failures);
    return failures != 0;
}
