// Pipes, FIFOs, socket pairs, eventfd, flock, poll and select: blocking, ends, signals.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE // pipe2, ppoll
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int failures;
static volatile sig_atomic_t caught;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s (errno %d)\n", what, errno);
    failures += !holds;
}

#define FAILS(error, call) (errno = 0, check(#call " gives " #error, (call) == -1 && errno == (error)))
#define WORKS(call) check(#call, (call) == 0)

static void catch(int number)
{
    caught = number;
}

static pthread_t run(void *(*function)(void *), void *argument)
{
    pthread_t thread;
    check("a thread", pthread_create(&thread, NULL, function, argument) == 0);
    return thread;
}

enum { FLOOD = 1000000 };

static void *flood(void *fds)
{
    static char bytes[FLOOD];
    for (int i = 0; i < FLOOD; i++)
        bytes[i] = (char)(i * 7);
    check("all is written", write(((int *)fds)[1], bytes, FLOOD) == FLOOD);
    close(((int *)fds)[1]);
    return NULL;
}

static void *write_late(void *fds)
{
    usleep(20000);
    check("late", write(((int *)fds)[1], "late", 4) == 4);
    return NULL;
}

static void *interrupt_late(void *thread)
{
    usleep(20000);
    pthread_kill(*(pthread_t *)thread, SIGUSR1);
    return NULL;
}

static void pipes(void)
{
    char bytes[8192];
    int fds[2], unread;
    struct stat status;
    WORKS(pipe(fds));
    check("its kind", fstat(fds[0], &status) == 0 && S_ISFIFO(status.st_mode));
    FAILS(ESPIPE, lseek(fds[0], 0, SEEK_CUR));
    FAILS(ESPIPE, pread(fds[0], bytes, 1, 0));
    FAILS(EBADF, write(fds[0], bytes, 1));
    FAILS(EBADF, read(fds[1], bytes, 1));
    check("in order", write(fds[1], "ab", 2) == 2 && write(fds[1], "cd", 2) == 2 && ioctl(fds[0], FIONREAD, &unread) == 0 &&
          unread == 4 && read(fds[0], bytes, 3) == 3 && memcmp(bytes, "abc", 3) == 0 && read(fds[0], bytes, 9) == 1);
    WORKS(fcntl(fds[0], F_SETFL, O_NONBLOCK));
    WORKS(fcntl(fds[1], F_SETFL, O_NONBLOCK));
    FAILS(EAGAIN, read(fds[0], bytes, 1));
    long held = 0;
    for (ssize_t n; (n = write(fds[1], bytes, sizeof bytes)) > 0;)
        held += n;
    check("64 KiB fit", held == 65536 && errno == EAGAIN);
    check("no piece of a short write", read(fds[0], bytes, 4000) == 4000);
    FAILS(EAGAIN, write(fds[1], bytes, 4096));
    check("but of a long one", write(fds[1], bytes, 5000) == 4000);
    close(fds[0]);
    signal(SIGPIPE, catch);
    FAILS(EPIPE, write(fds[1], bytes, 1));
    check("SIGPIPE", caught == SIGPIPE);
    close(fds[1]);

    WORKS(pipe2(fds, O_CLOEXEC));
    pthread_t writer = run(flood, fds);
    long sum = 0;
    int right = 1;
    for (ssize_t n; (n = read(fds[0], bytes, 777)) > 0; sum += n)
        for (ssize_t i = 0; i < n; i++)
            right &= bytes[i] == (char)((sum + i) * 7);
    check("a million bytes", sum == FLOOD && right);
    pthread_join(writer, NULL);
    close(fds[0]);
}

static void waiting(void)
{
    char bytes[16];
    int fds[2];
    pthread_t self = pthread_self();
    struct sigaction action = {.sa_handler = catch};
    sigaction(SIGUSR1, &action, NULL);
    WORKS(pipe(fds));
    caught = 0;
    pthread_t other = run(interrupt_late, &self);
    FAILS(EINTR, read(fds[0], bytes, 1));
    check("by the handler", caught == SIGUSR1);
    pthread_join(other, NULL);
    other = run(write_late, fds);
    struct pollfd list[] = {{.fd = -1, .events = POLLIN}, {.fd = fds[0], .events = POLLIN}, {.fd = 999, .events = POLLIN}};
    check("poll: not open", poll(list, 3, 0) == 1 && list[2].revents == POLLNVAL && list[0].revents == 0);
    check("poll waits", poll(list, 2, 10000) == 1 && list[1].revents == POLLIN && read(fds[0], bytes, 9) == 4);
    pthread_join(other, NULL);
    check("poll: time", poll(list, 2, 1) == 0 && list[1].revents == 0);
    other = run(interrupt_late, &self);
    FAILS(EINTR, poll(list, 2, -1));
    pthread_join(other, NULL);
    fd_set set, outs;
    FD_ZERO(&set), FD_ZERO(&outs);
    FD_SET(fds[0], &set), FD_SET(fds[1], &outs);
    struct timeval no_time = {0, 0};
    check("select", select(fds[1] + 1, &set, &outs, NULL, &no_time) == 1 && !FD_ISSET(fds[0], &set) && FD_ISSET(fds[1], &outs));
    FD_ZERO(&set), FD_SET(500, &set);
    FAILS(EBADF, select(501, &set, NULL, NULL, NULL));
    // blocked, pending, and let through by ppoll alone
    sigset_t usr1, none;
    sigemptyset(&none), sigemptyset(&usr1), sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, NULL);
    caught = 0;
    raise(SIGUSR1);
    check("held back", caught == 0);
    FAILS(EINTR, ppoll(list, 2, NULL, &none));
    check("let through", caught == SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &usr1, NULL);
    close(fds[1]);
    check("hang-up", poll(list + 1, 1, -1) == 1 && list[1].revents == POLLHUP && read(fds[0], bytes, 1) == 0);
    close(fds[0]);
}

static void *open_late(void *path)
{
    usleep(20000);
    int fd = open(path, O_WRONLY);
    check("written by name", write(fd, "hello", 5) == 5);
    close(fd);
    return NULL;
}

static void fifos(void)
{
    char bytes[16];
    struct stat status;
    WORKS(mkfifo("/tmp/fifo", 0640));
    FAILS(EEXIST, mkfifo("/tmp/fifo", 0640));
    check("its kind", stat("/tmp/fifo", &status) == 0 && status.st_mode == (S_IFIFO | 0640));
    FAILS(ENXIO, open("/tmp/fifo", O_WRONLY | O_NONBLOCK));
    int fd = open("/tmp/fifo", O_RDONLY | O_NONBLOCK);
    check("a reader need not wait", fd >= 0 && read(fd, bytes, 1) == 0 && close(fd) == 0);
    pthread_t writer = run(open_late, "/tmp/fifo");
    fd = open("/tmp/fifo", O_RDONLY);
    check("read by name", read(fd, bytes, 16) == 5 && memcmp(bytes, "hello", 5) == 0 && read(fd, bytes, 1) == 0);
    pthread_join(writer, NULL);
    close(fd);
    WORKS(unlink("/tmp/fifo"));
}

static void sockets(void)
{
    char bytes[16];
    int fds[2];
    struct stat status;
    WORKS(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
    check("both ways", write(fds[0], "ping", 4) == 4 && write(fds[1], "pong!", 5) == 5 && read(fds[0], bytes, 16) == 5 &&
          read(fds[1], bytes, 16) == 4 && memcmp(bytes, "ping", 4) == 0 && fstat(fds[0], &status) == 0 && S_ISSOCK(status.st_mode));
    struct pollfd one = {.fd = fds[1], .events = POLLIN | POLLOUT};
    check("writable", poll(&one, 1, 0) == 1 && one.revents == POLLOUT);
    close(fds[0]);
    check("its end", read(fds[1], bytes, 16) == 0 && poll(&one, 1, 0) == 1 && one.revents & POLLHUP && one.revents & POLLIN);
    FAILS(EPIPE, write(fds[1], "x", 1));
    close(fds[1]);
    FAILS(EAFNOSUPPORT, socketpair(AF_INET, SOCK_STREAM, 0, fds));
}

static void counters(void)
{
    eventfd_t value;
    char bytes[4];
    int fd = eventfd(3, EFD_NONBLOCK);
    WORKS(eventfd_write(fd, 4));
    check("the sum", eventfd_read(fd, &value) == 0 && value == 7);
    FAILS(EAGAIN, eventfd_read(fd, &value));
    FAILS(EINVAL, read(fd, bytes, 4));
    FAILS(EINVAL, eventfd_write(fd, (eventfd_t)-1));
    close(fd);
    fd = eventfd(2, EFD_SEMAPHORE);
    check("one by one", eventfd_read(fd, &value) == 0 && value == 1 && eventfd_read(fd, &value) == 0 && value == 1);
    struct pollfd one = {.fd = fd, .events = POLLIN | POLLOUT};
    check("empty", poll(&one, 1, 0) == 1 && one.revents == POLLOUT);
    close(fd);
}

static void *unlock_late(void *fd)
{
    usleep(20000);
    flock(*(int *)fd, LOCK_UN);
    return NULL;
}

static void locks(void)
{
    int one = open("/tmp/lock", O_RDWR | O_CREAT, 0600), other = open("/tmp/lock", O_RDONLY), same = dup(one);
    struct flock record = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 10};
    WORKS(flock(one, LOCK_SH));
    WORKS(flock(other, LOCK_SH | LOCK_NB));
    FAILS(EAGAIN, flock(same, LOCK_EX | LOCK_NB));
    WORKS(flock(other, LOCK_UN));
    WORKS(flock(same, LOCK_EX | LOCK_NB));
    FAILS(EAGAIN, flock(other, LOCK_SH | LOCK_NB));
    pthread_t thread = run(unlock_late, &one);
    WORKS(flock(other, LOCK_EX));
    pthread_join(thread, NULL);
    close(other);
    WORKS(flock(one, LOCK_EX | LOCK_NB));
    WORKS(fcntl(one, F_SETLK, &record));
    check("never in one's own way", fcntl(same, F_GETLK, &record) == 0 && record.l_type == F_UNLCK);
    record.l_whence = 7;
    FAILS(EINVAL, fcntl(one, F_SETLK, &record));
    close(one), close(same), unlink("/tmp/lock");
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    pipes();
    waiting();
    fifos();
    sockets();
    counters();
    locks();
    char line[32];
    struct pollfd in = {.fd = 0, .events = POLLIN};
    check("stdin has something", poll(&in, 1, 10000) == 1 && in.revents & POLLIN && read(0, line, 32) == 6);
    check("and its end", poll(&in, 1, 10000) == 1 && read(0, line, 32) == 0);
    printf("\n%d failures\n", failures);
    return failures != 0;
}
