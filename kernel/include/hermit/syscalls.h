/* The system calls of libhermit: plain C functions. SPDX-License-Identifier: BSD-3-Clause */
/* Errors are negative errno values in newlib's numbers. Pointers must be the caller's own memory. */
#ifndef HERMIT_SYSCALLS_H
#define HERMIT_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct timespec;
struct timeval;

/* The program's C side: called once, on the main stack, with FS set up for the main thread's TLS. Never returns. */
void runtime_entry(int argc, char **argv, char **env) __attribute__((__noreturn__));

/* Tasks. Exit codes are 0-255 (the rest is cut off); sys_kill of the own process with signal n ends with 128 + Linux's number. */
void sys_exit(int code) __attribute__((__noreturn__));
void sys_abort(void) __attribute__((__noreturn__));
/* The host prints where the caller is, on stderr: functions, files and lines. It may be asked for at any time. */
void sys_backtrace(void);
int sys_getpid(void);
int sys_kill(int pid, int signal);
void sys_yield(void);

/* Signals, in newlib's numbers 1-63; a set has bit n for signal n. sys_sigaction's handler is called as
   handler(number, siginfo_t *, ucontext_t *); 0 is SIG_DFL, 1 SIG_IGN; flags are newlib's SA_*. Signal 64 is the thread library's own for
   cancellation: never blocked by a set, no part of any, and always interrupts a wait (-EINTR). sys_tkill: to one thread.
   sys_sigqueue: code is si_code; tid 0: to the process. Handlers run on the way out of whatever system call the thread is in; one that
   interrupts the program's code runs at once. sys_sigtimer: a timer's SI_TIMER, for `count` expirations; while one with the same overrun
   word is pending they are added to it, and when it is taken its overrun is stored there. The word stays for ever. */
struct sys_sigaction {
  void (*handler)(int, void *, void *);
  uint64_t mask;
  uint64_t flags;
};
struct sys_sigstack { /* newlib's stack_t */
  void *base;
  int flags;
  size_t size;
};
int sys_sigaction(int number, const struct sys_sigaction *action, struct sys_sigaction *before);
int sys_sigprocmask(int how, const uint64_t *set, uint64_t *before); /* SIG_SETMASK 0, SIG_BLOCK 1, SIG_UNBLOCK 2 */
int sys_tkill(int tid, int number);
int sys_sigqueue(int tid, int number, int code, void *value);
int sys_sigtimer(int tid, int number, void *value, unsigned timer, unsigned count, int *overrun);
int sys_sigpending(uint64_t *set);
int sys_sigaltstack(const struct sys_sigstack *stack, struct sys_sigstack *before);
int sys_sigsuspend(const uint64_t *mask);                                                     /* -EINTR */
/* Sleeps with another mask: 0 the time is over, -EINTR a handler ran. NULL: until one does. */
int sys_sigsleep(const uint64_t *mask, const struct timespec *timeout);
int sys_sigtimedwait(const uint64_t *set, void *info, const struct timespec *timeout); /* the signal, -EAGAIN, -EINTR */

/* Memory. sys_sbrk gives the old break, or (void *)-ENOMEM cast; fresh memory is zero. prot and flags as in newlib's sys/mman.h. */
void *sys_sbrk(ptrdiff_t increment);
int sys_getpagesize(void);
void *sys_mmap(void *addr, size_t len, int prot, int flags, int fd, int64_t offset);
int sys_munmap(void *addr, size_t len);
int sys_mprotect(void *addr, size_t len, int prot);
/* Bytes of memory that the guest was given, and bytes that are still free. */
uint64_t sys_memory_total(void);
uint64_t sys_memory_free(void);

/* Time. clock ids in newlib's numbers: REALTIME 1, PROCESS_CPUTIME 2, THREAD_CPUTIME 3, MONOTONIC 4 (and what newlib's time.h has beside).
   flags: 0 or TIMER_ABSTIME (4). */
int sys_clock_gettime(int clock, struct timespec *ts);
int sys_clock_getres(int clock, struct timespec *ts);
int sys_clock_settime(int clock, const struct timespec *ts);
int sys_clock_nanosleep(int clock, int flags, const struct timespec *request, struct timespec *remaining);
int sys_nanosleep(const struct timespec *request, struct timespec *remaining);
int sys_gettimeofday(struct timeval *tv, void *tz);
int sys_usleep(uint64_t microseconds);
int sys_msleep(unsigned milliseconds);
uint64_t sys_get_ticks(void); /* nanoseconds since boot */

/* Synchronisation. wait: 0 woken, -EAGAIN value differed at entry, -ETIMEDOUT, -EINTR a signal handler without SA_RESTART ran (or a
   cancellation came); one that ran with SA_RESTART goes on waiting. timeout is relative, NULL = for ever; deadline is absolute on clock
   (REALTIME or MONOTONIC). When all threads wait and nothing could ever wake one, that is a deadlock: the guest ends with code 121.
   wake gives the number woken. */
int sys_futex_wait(volatile uint32_t *word, uint32_t expected, const struct timespec *timeout);
int sys_futex_wait_until(volatile uint32_t *word, uint32_t expected, int clock, const struct timespec *deadline);
int sys_futex_wake(volatile uint32_t *word, int count);
/* How long a lock may be spun for before its waiter sleeps, in ns; 0: never, there are more cores than the host has, or just one. */
uint64_t sys_spin_ns(void);

/* Threads. tid 1 is the main thread. A new thread has its own stack and thread-local storage (FS is its thread pointer), the signal mask,
   and unless other ones are given policy, priority and affinity of its creator. It does nothing before sys_thread_start.
   Whoever calls sys_thread_new first clears __libc_single_threaded. */
struct sys_thread_options {
  size_t stack_size;        /* bytes; 0: the default (1/1024 of memory, 64 KiB to 8 MiB) */
  size_t guard_size;        /* bytes below the stack that stay unmapped; 64 KiB are at least */
  void *stack;              /* lowest address of a stack of the caller's own, stack_size bytes; NULL: one from the pool */
  int policy, priority;     /* SCHED_OTHER 0, FIFO 1, RR 2; policy -1: the creator's */
  const uint64_t *affinity; /* bit n: core n; NULL: the creator's */
  size_t affinity_words;
};
struct sys_thread {
  int tid;
  void *thread_pointer; /* what fs:0 holds there */
  void *stack;          /* lowest address */
  size_t stack_size, guard_size;
};
int sys_thread_new(const struct sys_thread_options *options, struct sys_thread *made); /* 0, -EAGAIN, -EINVAL */
void sys_thread_start(int tid, void (*entry)(void *), void *argument);
/* Ends the calling thread. Once it has left its stack for good, *word becomes 0 and all waiters on it are woken: then its memory may be
   given back with sys_thread_free. NULL: the kernel gives it back by itself. The last thread's end is not the program's. */
void sys_thread_end(volatile uint32_t *word) __attribute__((__noreturn__));
void sys_thread_free(int tid);
void sys_thread_self(struct sys_thread *self); /* the main thread, too */
int sys_gettid(void);
int sys_thread_cputime(int tid, struct timespec *time); /* 0, -ESRCH */

/* Scheduling. FIFO and RR threads (priorities 1-31) go before all others; SCHED_OTHER threads have HermitCore's priorities 1-31, 8 unless
   set by sys_setprio. tid 0: the caller. A boost lets a lock's owner run as its most urgent waiter until it takes the boost off. */
int sys_sched_set(int tid, int policy, int priority);       /* 0, -ESRCH, -EINVAL */
int sys_sched_get(int tid, int *policy, int *priority);     /* 0, -ESRCH */
int sys_affinity_set(int tid, const uint64_t *mask, size_t words); /* 0, -ESRCH, -EINVAL: no core of ours in it */
int sys_affinity_get(int tid, uint64_t *mask, size_t words);       /* 0, -ESRCH, -EINVAL: too short */
int sys_sched_boost(int owner, int waiter);
void sys_sched_unboost(void);
uint64_t sys_slice_ns(void); /* how long a thread runs before others of its priority have their turn; FIFO threads have no slice */
int sys_getcpu(void);
uint64_t sys_interrupts(int core); /* interrupts that core took so far */

/* HermitCore's own thread calls, over those above: fn(arg) in a thread that nobody has to free; join waits for its end. */
int sys_clone(int *tid, void (*fn)(void *), void *arg);
int sys_spawn(int *tid, void (*fn)(void *), void *arg, unsigned char priority, int core);
int sys_join(int tid);
void sys_thread_exit(int code) __attribute__((__noreturn__));
int sys_getprio(const int *tid);
int sys_setprio(const int *tid, int priority);

/* Files. Paths are seen from descriptor `folder`, or SYS_AT_CWD, the working directory; a call without "at" in its name is HermitCore's and
   sees from there. Flags, modes, AT_* are newlib's. Descriptors are 0 to 1023; 0-2 are the isle's standard streams until they are closed. What
   waits ends with -EINTR as sys_futex_wait does, or with the length that was done before. offset -1 of sys_preadv and sys_pwritev: the
   description's position. A write to what nobody reads any more is -EPIPE; SIGPIPE is the C library's matter. */
#define SYS_AT_CWD (-2)
struct sys_time {
  int64_t seconds, nanoseconds; /* to set a time: nanoseconds -2 now, -1 leave it */
};
struct sys_stat {
  uint64_t device, number; /* file system, and node there */
  uint32_t mode, links, user, group;
  uint64_t special; /* of a device: major << 8 | minor */
  uint64_t size, blocks, block_size; /* bytes; of 512 bytes; best length of a buffer */
  struct sys_time accessed, modified, changed;
};
struct sys_volume { /* space of a file system */
  uint64_t blocks, free; /* of 4096 bytes */
  uint64_t device, read_only;
};
struct sys_dirent {
  uint64_t number;
  uint64_t next;   /* where the next entry is, for sys_lseek */
  uint16_t length; /* of this entry, a multiple of 8 */
  uint8_t type;    /* DT_* */
  char name[];     /* ends with a NUL */
};
struct iovec;
int sys_open(const char *path, int flags, unsigned mode);
int sys_openat(int folder, const char *path, int flags, unsigned mode);
int sys_close(int fd);
int64_t sys_read(int fd, void *buffer, size_t len);
int64_t sys_write(int fd, const void *buffer, size_t len);
int64_t sys_pread(int fd, void *buffer, size_t len, int64_t offset);
int64_t sys_pwrite(int fd, const void *buffer, size_t len, int64_t offset);
int64_t sys_readv(int fd, const struct iovec *vector, int count);
int64_t sys_writev(int fd, const struct iovec *vector, int count);
int64_t sys_preadv(int fd, const struct iovec *vector, int count, int64_t offset);
int64_t sys_pwritev(int fd, const struct iovec *vector, int count, int64_t offset);
int64_t sys_lseek(int fd, int64_t offset, int whence); /* SEEK_SET 0, SEEK_CUR 1, SEEK_END 2, SEEK_DATA 3, SEEK_HOLE 4 */
int sys_stat(const char *path, struct sys_stat *status);
int sys_lstat(const char *path, struct sys_stat *status);
int sys_fstat(int fd, struct sys_stat *status);
int sys_fstatat(int folder, const char *path, struct sys_stat *status, int flags);
int sys_statvfs(const char *path, struct sys_volume *volume);
int sys_fstatvfs(int fd, struct sys_volume *volume);
int sys_access(const char *path, unsigned mode);
int sys_faccessat(int folder, const char *path, unsigned mode, int flags);
int sys_mkdir(const char *path, unsigned mode);
int sys_mkdirat(int folder, const char *path, unsigned mode);
int sys_mknodat(int folder, const char *path, unsigned mode); /* a FIFO or an empty file */
int sys_symlinkat(const char *target, int folder, const char *path);
int64_t sys_readlinkat(int folder, const char *path, char *buffer, size_t len);
int sys_linkat(int from, const char *old_path, int to, const char *new_path, int flags);
int sys_renameat(int from, const char *old_path, int to, const char *new_path, int keep); /* keep: -EEXIST instead of replacing */
int sys_unlink(const char *path);
int sys_rmdir(const char *path);
int sys_unlinkat(int folder, const char *path, int flags);
int sys_fchmod(int fd, unsigned mode);
int sys_fchmodat(int folder, const char *path, unsigned mode, int flags);
int sys_fchown(int fd, unsigned user, unsigned group); /* -1 stays */
int sys_fchownat(int folder, const char *path, unsigned user, unsigned group, int flags);
int sys_futimens(int fd, const struct sys_time times[2]); /* access, modification; NULL: now */
int sys_utimensat(int folder, const char *path, const struct sys_time times[2], int flags);
int sys_truncate(const char *path, int64_t size);
int sys_ftruncate(int fd, int64_t size);
int sys_fallocate(int fd, int64_t offset, int64_t len);
int sys_fsync(int fd);
unsigned sys_umask(unsigned mask);
int sys_chdir(const char *path);
int sys_fchdir(int fd);
int64_t sys_getcwd(char *buffer, size_t len); /* gives the path's length, NUL included; -ERANGE */
int64_t sys_getdents64(int fd, void *entries, size_t len);
int64_t sys_unread(int fd); /* bytes that could be read at once */
int sys_isatty(int fd); /* 1, 0, or -EBADF */
int sys_dup(int fd);
int sys_dup2(int fd, int target);
int sys_dup3(int fd, int target, int flags);
int sys_dupfrom(int fd, int least, int cloexec);
int sys_getfl(int fd);
int sys_setfl(int fd, int flags);
int sys_getfd(int fd);
int sys_setfd(int fd, int flags);
int sys_flock(int fd, int how); /* LOCK_* */
/* flags: O_CLOEXEC, O_NONBLOCK; EFD_SEMAPHORE is 1. */
int sys_pipe(int fds[2], int flags); /* the end to read from, the end to write to */
int sys_socketpair(int fds[2], int flags);
int sys_eventfd(unsigned value, int flags);
/* Waits as poll() does, with a signal mask; NULL: for ever, the thread's own. Any handler that runs ends it with -EINTR. */
struct pollfd;
int sys_poll(struct pollfd *fds, size_t count, const struct timespec *timeout, const uint64_t *mask);

/* Random. sys_read_entropy fills everything and gives len. */
int64_t sys_read_entropy(void *buffer, size_t len, unsigned flags);
int sys_rand(void);
int sys_secure_rand32(uint32_t *value);
int sys_secure_rand64(uint64_t *value);

/* CPU. Frequency in MHz. */
int sys_get_processor_count(void);
unsigned sys_get_processor_frequency(void);

/* CPU facts that the C library's string functions choose by; see the HERMIT_CPU_* bits. Valid from before runtime_entry. */
#define HERMIT_CPU_AVX2 1u    /* and BMI1, BMI2, FMA; enabled in XCR0 */
#define HERMIT_CPU_AVX512 2u  /* F, VL, BW and enabled in XCR0 */
#define HERMIT_CPU_ERMS 4u
#define HERMIT_CPU_FSRM 8u
extern uint32_t hermit_cpu_features;

#ifdef __cplusplus
}
#endif
#endif
