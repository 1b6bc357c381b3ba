// Files by name and by descriptor: what POSIX says of each call, errors first of all.
// SPDX-License-Identifier: BSD-3-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

int posix_fallocate(int, off_t, off_t); // not in this fcntl.h yet

static int failures;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s (errno %d)\n", what, errno);
    failures += !holds;
}

// -1 and this errno.
#define FAILS(error, call) (errno = 0, check(#call " gives " #error, (call) == -1 && errno == (error)))
#define WORKS(call) check(#call, (call) == 0)

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    check(path, fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && close(fd) == 0);
}

static int holds(const char *path, const char *text)
{
    char bytes[100] = "";
    int fd = open(path, O_RDONLY);
    ssize_t length = read(fd, bytes, sizeof bytes - 1);
    close(fd);
    return length == (ssize_t)strlen(text) && memcmp(bytes, text, length) == 0;
}

static void opening(void)
{
    struct stat status;
    char byte, longest[NAME_MAX + 2], path[PATH_MAX + 1];
    FAILS(ENOENT, open("none", O_RDWR));
    FAILS(ENOENT, open("", O_RDONLY));
    FAILS(ENOENT, open("none/x", O_CREAT | O_RDWR, 0600));
    umask(022);
    int fd = open("new", O_CREAT | O_EXCL | O_RDWR, 0666);
    check("the lowest descriptor", fd == 3);
    check("the mode is masked", fstat(fd, &status) == 0 && status.st_mode == (S_IFREG | 0644) && status.st_nlink == 1);
    FAILS(EEXIST, open("new", O_CREAT | O_EXCL | O_RDWR, 0666));
    FAILS(ENOTDIR, open("new", O_RDONLY | O_DIRECTORY));
    FAILS(ENOTDIR, open("new/x", O_RDONLY));
    FAILS(ENOTDIR, open("new/", O_RDONLY));
    FAILS(EISDIR, open(".", O_RDWR));
    FAILS(EISDIR, open("slash/", O_RDWR | O_CREAT, 0600));
    check("append", write(fd, "one", 3) == 3 && close(fd) == 0 && (fd = open("new", O_WRONLY | O_APPEND)) == 3 &&
          lseek(fd, 1, SEEK_SET) == 1 && write(fd, "two", 3) == 3 && lseek(fd, 0, SEEK_CUR) == 6 && holds("new", "onetwo"));
    FAILS(EBADF, read(fd, &byte, 1));
    close(fd);
    FAILS(EBADF, write(fd, &byte, 1));
    FAILS(EBADF, close(fd));
    fd = open("new", O_RDONLY);
    FAILS(EBADF, write(fd, &byte, 1));
    FAILS(EINVAL, ftruncate(fd, 1));
    close(fd);
    fd = open("new", O_RDWR | O_TRUNC);
    check("truncated", fstat(fd, &status) == 0 && status.st_size == 0);
    close(fd);
    memset(longest, 'n', sizeof longest);
    longest[NAME_MAX + 1] = '\0';
    FAILS(ENAMETOOLONG, open(longest, O_CREAT | O_WRONLY, 0600));
    longest[NAME_MAX] = '\0';
    write_file(longest, "x");
    WORKS(unlink(longest));
    memset(path, '/', sizeof path);
    path[PATH_MAX] = '\0';
    FAILS(ENAMETOOLONG, open(path, O_RDONLY));
    path[PATH_MAX - 1] = '\0';
    WORKS(access(path, F_OK));
    WORKS(unlink("new"));
}

static void positions(void)
{
    char bytes[20] = "";
    struct iovec in[2] = {{bytes, 2}, {bytes + 2, 3}}, out[2] = {{"vec", 3}, {"tor", 3}};
    int fd = open("places", O_RDWR | O_CREAT, 0600);
    check("a hole reads as zeros", pwrite(fd, "end", 3, 100000) == 3 && pread(fd, bytes, 4, 99999) == 4 &&
          memcmp(bytes, "\0end", 4) == 0 && lseek(fd, 0, SEEK_CUR) == 0);
    check("from the end", lseek(fd, -3, SEEK_END) == 100000 && read(fd, bytes, 10) == 3 && read(fd, bytes, 10) == 0);
    FAILS(EINVAL, lseek(fd, -1, SEEK_SET));
    FAILS(EINVAL, lseek(fd, 0, 99));
    FAILS(EINVAL, pread(fd, bytes, 1, -1));
    check("beyond the end", lseek(fd, 200000, SEEK_SET) == 200000 && read(fd, bytes, 1) == 0);
    WORKS(ftruncate(fd, 6));
    check("vectors", pwritev(fd, out, 2, 0) == 6 && lseek(fd, 0, SEEK_SET) == 0 && readv(fd, in, 2) == 5 &&
          memcmp(bytes, "vecto", 5) == 0 && lseek(fd, 0, SEEK_CUR) == 5);
    FAILS(EINVAL, readv(fd, in, -1));
    FAILS(EINVAL, ftruncate(fd, -1));
    FAILS(EFBIG, pwrite(fd, "x", 1, LONG_MAX));
    check("data and holes", ftruncate(fd, 8 << 20) == 0 && lseek(fd, 0, 4) == 4096 && lseek(fd, 5 << 20, 4) == 5 << 20);
    FAILS(ENXIO, lseek(fd, 5 << 20, 3));
    WORKS(posix_fallocate(fd, 8 << 20, 4096));
    check("allocated", lseek(fd, 0, SEEK_END) == (8 << 20) + 4096);
    WORKS(fsync(fd));
    close(fd);
    WORKS(truncate("places", 3));
    check("cut", holds("places", "vec"));
    FAILS(ENOENT, truncate("none", 3));
    FAILS(EISDIR, truncate(".", 3));
    WORKS(unlink("places"));
}

static void names(void)
{
    struct stat one, other;
    char target[10];
    write_file("a", "A");
    write_file("b", "B");
    WORKS(link("a", "hard"));
    check("two names", stat("a", &one) == 0 && stat("hard", &other) == 0 && one.st_ino == other.st_ino && one.st_nlink == 2);
    FAILS(EEXIST, link("a", "b"));
    FAILS(ENOENT, link("none", "c"));
    FAILS(EPERM, link(".", "c"));
    WORKS(rename("a", "hard"));
    check("both names of one file stay", holds("a", "A") && holds("hard", "A"));
    WORKS(rename("a", "b"));
    check("replaced", holds("b", "A") && access("a", F_OK) == -1);
    FAILS(ENOENT, rename("a", "b"));
    WORKS(symlink("b", "soft"));
    check("followed", holds("soft", "A") && lstat("soft", &one) == 0 && S_ISLNK(one.st_mode) && one.st_size == 1);
    check("readlink", readlink("soft", target, sizeof target) == 1 && target[0] == 'b');
    FAILS(EINVAL, readlink("b", target, sizeof target));
    FAILS(ELOOP, open("soft", O_RDONLY | O_NOFOLLOW));
    FAILS(EEXIST, open("soft", O_RDWR | O_CREAT | O_EXCL, 0600));
    WORKS(symlink("loop", "loop"));
    FAILS(ELOOP, open("loop", O_RDONLY));
    WORKS(symlink("made", "dangling"));
    write_file("dangling", "through");
    check("made through the link", holds("made", "through"));
    int fd = open("made", O_RDWR);
    WORKS(unlink("made"));
    check("it lives on", fstat(fd, &one) == 0 && one.st_nlink == 0 && write(fd, "x", 1) == 1);
    close(fd);
    FAILS(ENOENT, unlink("made"));
    FAILS(EISDIR, unlink("."));
    const char *rest[] = {"hard", "b", "soft", "loop", "dangling"};
    for (int i = 0; i < 5; i++)
        WORKS(remove(rest[i]));
}

static int entries(const char *path)
{
    int count = 0;
    DIR *dir = opendir(path);
    while (dir && readdir(dir))
        count++;
    return dir ? (closedir(dir), count) : -1;
}

static void directories(void)
{
    struct stat status;
    char path[PATH_MAX], name[20];
    WORKS(mkdir("d", 0777));
    check("a directory", stat("d", &status) == 0 && status.st_mode == (S_IFDIR | 0755) && status.st_nlink == 2);
    FAILS(EEXIST, mkdir("d", 0777));
    FAILS(ENOENT, mkdir("none/d", 0777));
    WORKS(mkdir("d/e/", 0700));
    check("counts its directories", stat("d", &status) == 0 && status.st_nlink == 3);
    FAILS(ENOTEMPTY, rmdir("d"));
    FAILS(EINVAL, rmdir("d/."));
    FAILS(EINVAL, rename("d", "d/e/f"));
    write_file("f", "F");
    FAILS(ENOTDIR, rename("d", "f"));
    FAILS(EISDIR, rename("f", "d"));
    FAILS(ENOTDIR, rmdir("f"));
    WORKS(mkdir("g", 0700));
    FAILS(ENOTEMPTY, rename("g", "d"));
    WORKS(rename("d/e", "g"));
    WORKS(rename("f", "g/f"));
    check("moved", holds("g/f", "F") && holds("d/../g/./f", "F") && stat("d", &status) == 0 && status.st_nlink == 2);
    for (int i = 0; i < 300; i++) {
        sprintf(name, "d/%d", i);
        write_file(name, "");
    }
    check("all are listed", entries("d") == 302 && entries("none") == -1);
    DIR *dir = opendir("d");
    for (int i = 0; i < 100; i++)
        readdir(dir);
    long place = telldir(dir);
    char *next = strdup(readdir(dir)->d_name);
    rewinddir(dir);
    readdir(dir);
    seekdir(dir, place);
    check("seekdir", strcmp(readdir(dir)->d_name, next) == 0);
    int fd = dirfd(dir), at = openat(fd, "7", O_RDONLY);
    check("openat", at >= 0 && close(at) == 0 && unlinkat(fd, "7", 0) == 0);
    FAILS(ENOENT, openat(fd, "7", O_RDONLY));
    FAILS(EBADF, openat(99, "7", O_RDONLY));
    check("chdir", chdir("d") == 0 && getcwd(path, sizeof path) && strcmp(path, "/tmp/t/d") == 0 && realpath("../g/f", path) &&
          strcmp(path, "/tmp/t/g/f") == 0);
    check("realpath of links to a file", symlink("f", "../g/link") == 0 && symlink("/tmp/t/g/link", "../g/far") == 0 &&
          realpath("../g/far", path) && strcmp(path, "/tmp/t/g/f") == 0);
    check("realpath of a file as a folder", realpath("../g/far/.", path) == NULL && errno == ENOTDIR);
    check("links are gone", unlink("../g/link") == 0 && unlink("../g/far") == 0);
    FAILS(ENOTDIR, chdir("8"));
    for (int i = 0; i < 300; i++)
        unlinkat(fd, name + 2, (sprintf(name, "d/%d", i), 0));
    check("all are gone", entries(".") == 2);
    WORKS(rmdir("../d"));
    check("nowhere", getcwd(path, sizeof path) == NULL && errno == ENOENT);
    FAILS(ENOENT, open("x", O_CREAT | O_RDWR, 0600));
    closedir(dir);
    free(next);
    WORKS(chdir("/tmp/t"));
    WORKS(unlink("g/f"));
    WORKS(rmdir("g/"));
}

static void modes(void)
{
    struct stat status;
    struct timespec times[2] = {{5, 6}, {-7, 8}};
    write_file("m", "");
    WORKS(chmod("m", 04751));
    WORKS(chown("m", 12, 34));
    WORKS(utimensat(AT_FDCWD, "m", times, 0));
    check("kept", stat("m", &status) == 0 && status.st_mode == (S_IFREG | 04751) && status.st_uid == 12 && status.st_gid == 34 &&
          status.st_atim.tv_sec == 5 && status.st_mtim.tv_sec == -7 && status.st_mtim.tv_nsec == 8);
    times[1].tv_nsec = UTIME_OMIT;
    WORKS(utimensat(AT_FDCWD, "m", times, 0));
    times[0].tv_nsec = 1000000000;
    FAILS(EINVAL, utimensat(AT_FDCWD, "m", times, 0));
    WORKS(utimes("m", NULL));
    check("now", stat("m", &status) == 0 && status.st_mtime > 1600000000);
    WORKS(chmod("m", 0));
    WORKS(access("m", R_OK | W_OK));
    FAILS(EACCES, access("m", X_OK));
    FAILS(EINVAL, access("m", 8));
    WORKS(unlink("m"));
}

static void descriptors(void)
{
    int fd = open("dup", O_RDWR | O_CREAT | O_CLOEXEC, 0600), second = dup(fd), top = fcntl(fd, F_DUPFD, 100);
    check("dup", second == fd + 1 && top == 100 && write(second, "abc", 3) == 3 && lseek(top, 0, SEEK_CUR) == 3);
    check("flags", fcntl(fd, F_GETFD) == FD_CLOEXEC && fcntl(second, F_GETFD) == 0 && fcntl(fd, F_GETFL) == O_RDWR);
    check("shared flags", fcntl(fd, F_SETFL, O_APPEND) == 0 && fcntl(top, F_GETFL) == (O_RDWR | O_APPEND));
    check("dup2", dup2(fd, second) == second && dup2(fd, fd) == fd && dup2(fd, 1023) == 1023 && close(1023) == 0);
    FAILS(EBADF, dup2(fd, 1024));
    FAILS(EBADF, dup2(500, 5));
    FAILS(EINVAL, fcntl(fd, F_DUPFD, 1024));
    FAILS(EINVAL, fcntl(fd, 99));
    check("a standard stream can be closed and another take its place", close(0) == 0 && dup(fd) == 0);
    int count = 0, last = 0;
    while ((last = dup(fd)) >= 0)
        count++;
    check("EMFILE", last == -1 && errno == EMFILE && count == 1024 - 6);
    FAILS(EMFILE, open("dup", O_RDONLY));
    for (int i = fd + 1; i < 1024; i++)
        close(i);
    check("all free again", dup(fd) == fd + 1 && close(fd + 1) == 0 && close(fd) == 0);
    WORKS(unlink("dup"));
}

static void devices(void)
{
    char bytes[64] = "x", more[64];
    int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR), full = open("/dev/full", O_RDWR);
    int random = open("/dev/urandom", O_RDONLY), out = open("/dev/stdout", O_WRONLY);
    check("null", read(null, bytes, 9) == 0 && write(null, bytes, 9) == 9);
    check("zero", read(zero, bytes, 64) == 64 && bytes[0] == 0 && bytes[63] == 0);
    FAILS(ENOSPC, write(full, bytes, 1));
    check("random", read(random, bytes, 64) == 64 && read(random, more, 64) == 64 && memcmp(bytes, more, 64));
    check("stdout by its name", dprintf(out, "to /dev/stdout\n") == 15);
    close(null), close(zero), close(full), close(random), close(out);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    WORKS(mkdir("/tmp/t", 0777));
    WORKS(chdir("/tmp/t"));
    opening();
    positions();
    names();
    directories();
    modes();
    devices();
    descriptors();
    check("nothing is left", entries(".") == 2);
    printf("\n%d failures\n", failures);
    return failures != 0;
}
