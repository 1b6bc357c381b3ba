// Threads that make, move, list, read and remove the same files: nothing is lost, and nobody waits for ever.
// SPDX-License-Identifier: BSD-3-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS = 6, ROUNDS = 400, FOLDERS = 4 };

static int failures;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s (errno %d)\n", what, errno);
    __atomic_fetch_add(&failures, !holds, __ATOMIC_RELAXED);
}

static unsigned next(unsigned *state)
{
    *state = *state * 1103515245 + 12345;
    return *state >> 16;
}

// What others do meanwhile may make it fail, but only so.
static void allowed(const char *what, int done)
{
    check(what, done == 0 || errno == ENOENT || errno == EEXIST || errno == ENOTEMPTY || errno == EINVAL || errno == ENOTDIR ||
                    errno == EISDIR);
}

static int list(const char *path)
{
    int count = 0;
    DIR *dir = opendir(path);
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count;
}

// Folders go into each other and out again, files from one to another.
static void *move(void *seed)
{
    unsigned state = (unsigned)(long)seed;
    char one[64], other[64];
    for (int i = 0; i < ROUNDS; i++) {
        unsigned from = next(&state) % FOLDERS, to = next(&state) % FOLDERS, what = next(&state) % 6;
        sprintf(one, "/tmp/m/%u", from);
        sprintf(other, what % 2 ? "/tmp/m/%u/in" : "/tmp/m/%u", to);
        if (what < 2)
            allowed("rename", rename(one, other));
        else if (what == 2)
            allowed("mkdir", mkdir(one, 0700));
        else if (what == 3)
            allowed("rmdir", rmdir(other));
        else
            list(one);
    }
    return NULL;
}

// Each has a name of its own for its file, which all see.
static void *own(void *seed)
{
    unsigned state = (unsigned)(long)seed;
    char name[64], moved[64], text[64], got[64];
    for (int i = 0; i < ROUNDS; i++) {
        int length = sprintf(text, "%ld %d", (long)seed, i);
        sprintf(name, "/tmp/o/%ld", (long)seed);
        sprintf(moved, "/tmp/o/moved%ld", (long)seed);
        int fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
        check("made", fd >= 0 && write(fd, text, length) == length);
        if (next(&state) % 2)
            check("moved", rename(name, moved) == 0 && rename(moved, name) == 0);
        check("what was written", pread(fd, got, sizeof got, 0) == length && memcmp(got, text, length) == 0 && close(fd) == 0);
        check("at least its own", list("/tmp/o") >= 3);
        check("removed", unlink(name) == 0);
    }
    return NULL;
}

// All append to one file: no piece is lost or torn.
static void *append(void *seed)
{
    int fd = open("/tmp/log", O_WRONLY | O_APPEND);
    char line[32];
    for (int i = 0; i < ROUNDS; i++)
        check("appended", write(fd, line, sprintf(line, "%02ld %06d\n", (long)seed, i)) == 10);
    close(fd);
    return NULL;
}

static void all(void *(*function)(void *))
{
    pthread_t threads[THREADS];
    for (long i = 0; i < THREADS; i++)
        check("a thread", pthread_create(&threads[i], NULL, function, (void *)(i + 1)) == 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void log_is_whole(void)
{
    int last[THREADS + 1], count = 0, right = 1;
    char line[16];
    FILE *log = fopen("/tmp/log", "r");
    memset(last, -1, sizeof last);
    for (int number, seed; fgets(line, sizeof line, log); count++) {
        right &= sscanf(line, "%d %d", &seed, &number) == 2 && strlen(line) == 10;
        if (right)
            right = number == last[seed] + 1, last[seed] = number;
    }
    fclose(log);
    check("the log is whole", right && count == THREADS * ROUNDS);
}

int main(void)
{
    check("folders", mkdir("/tmp/m", 0700) == 0 && mkdir("/tmp/o", 0700) == 0 && close(creat("/tmp/log", 0600)) == 0);
    all(move);
    all(own);
    all(append);
    log_is_whole();
    check("all of their own are gone", list("/tmp/o") == 2);
    printf("\n%d failures\n", failures);
    return failures != 0;
}
