// Files that are mapped: shared with the file, or a private copy.
// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int failures;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s (errno %d)\n", what, errno);
    failures += !holds;
}

enum { PAGE = 4096, LONG = 5 << 20 };

static int is(int fd, off_t offset, const char *text)
{
    char bytes[16];
    return pread(fd, bytes, strlen(text), offset) == (ssize_t)strlen(text) && memcmp(bytes, text, strlen(text)) == 0;
}

static void shared(int fd)
{
    check("a file of 5 MiB", ftruncate(fd, LONG) == 0 && pwrite(fd, "begin", 5, 0) == 5 && pwrite(fd, "middle", 6, 3 << 20) == 6);
    char *view = mmap(NULL, LONG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    char *second = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 3 << 20);
    check("mapped", view != MAP_FAILED && second != MAP_FAILED);
    check("what was written", memcmp(view, "begin", 5) == 0 && memcmp(view + (3 << 20), "middle", 6) == 0 && view[LONG - 1] == 0);
    strcpy(view + (3 << 20), "mapped");
    strcpy(view + LONG - 8, "theend!");
    check("one memory", strcmp(second, "mapped") == 0 && is(fd, 3 << 20, "mapped") && is(fd, LONG - 8, "theend!"));
    check("written beside", pwrite(fd, "later", 5, 5000) == 5 && memcmp(view + 5000, "later", 5) == 0);
    check("msync", msync(view, LONG, MS_SYNC) == 0);
    check("cut off is zero", ftruncate(fd, 4999) == 0 && ftruncate(fd, LONG) == 0 && view[5000] == 0 && view[1 << 20] == 0);
    check("a part is unmapped", munmap(view + PAGE, 2 << 20) == 0 && memcmp(view, "begin", 5) == 0);
    strcpy(view + (4 << 20), "still");
    check("the rest stays", is(fd, 4 << 20, "still"));
    check("read only", mprotect(view, PAGE, PROT_READ) == 0 && memcmp(view, "begin", 5) == 0);
    check("no code", mprotect(view, PAGE, PROT_READ | PROT_EXEC) == -1 && errno == EACCES);
    check("all is unmapped", munmap(view, LONG) == 0 && munmap(second, PAGE) == 0);
}

static void growing(int fd)
{
    check("an empty file", ftruncate(fd, 0) == 0);
    char *view = mmap(NULL, LONG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    check("more is seen as it grows", write(fd, "grown", 5) == 5 && memcmp(view, "grown", 5) == 0 &&
          ftruncate(fd, LONG) == 0 && view[LONG - 1] == 0);
    view[LONG - 1] = 'x';
    check("written there", is(fd, LONG - 1, "x") && munmap(view, LONG) == 0);
}

static void private(int fd)
{
    check("a text", ftruncate(fd, 0) == 0 && pwrite(fd, "original", 8, 0) == 8);
    char *copy = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    check("a copy", copy != MAP_FAILED && memcmp(copy, "original", 9) == 0 && copy[2 * PAGE - 1] == 0);
    strcpy(copy, "changed");
    check("the file is not", is(fd, 0, "original"));
    check("in the place of the copy", mmap(copy, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == copy &&
          memcmp(copy, "original", 8) == 0 && munmap(copy, 2 * PAGE) == 0);
}

static void refused(int fd)
{
    int reader = open("/tmp/map", O_RDONLY), writer = open("/tmp/map", O_WRONLY), folder = open("/tmp", O_RDONLY);
    check("not to be written", mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, reader, 0) == MAP_FAILED && errno == EACCES);
    check("not to be read", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, writer, 0) == MAP_FAILED && errno == EACCES);
    check("no file", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, folder, 0) == MAP_FAILED && errno == ENODEV);
    check("not open", mmap(NULL, PAGE, PROT_READ, MAP_SHARED, 77, 0) == MAP_FAILED && errno == EBADF);
    check("no page", mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 7) == MAP_FAILED && errno == EINVAL);
    check("neither way", mmap(NULL, PAGE, PROT_READ, 0, fd, 0) == MAP_FAILED && errno == EINVAL);
    check("nothing", mmap(NULL, 0, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED && errno == EINVAL);
    char *view = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);
    check("later neither", mprotect(view, PAGE, PROT_WRITE) == -1 && errno == EACCES && munmap(view, PAGE) == 0);
    close(reader), close(writer), close(folder);
}

int main(void)
{
    int fd = open("/tmp/map", O_RDWR | O_CREAT, 0600);
    shared(fd);
    growing(fd);
    private(fd);
    refused(fd);
    for (int i = 0; i < 20; i++) {
        char *view = mmap(NULL, LONG, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (view == MAP_FAILED || munmap(view, LONG) != 0)
            check("again and again", 0);
    }
    check("its memory outlives its name", unlink("/tmp/map") == 0);
    char *view = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    strcpy(view, "alive");
    check("and its descriptor", strcmp(view, "alive") == 0 && munmap(view, PAGE) == 0);
    printf("\n%d failures\n", failures);
    return failures != 0;
}
