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
int sys_getpid(void);
int sys_kill(int pid, int signal);
void sys_yield(void);

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

/* Synchronisation. wait: 0 woken or value differed, -EAGAIN value differed at entry, -ETIMEDOUT; timeout is relative, NULL = for ever.
   Waiting with nothing that could ever wake is a deadlock: the guest ends with code 121. wake gives the number woken. */
int sys_futex_wait(volatile uint32_t *word, uint32_t expected, const struct timespec *timeout);
int sys_futex_wake(volatile uint32_t *word, int count);

/* Files: descriptors 0-2 are the isle's standard streams; others -EBADF until files exist. */
int64_t sys_read(int fd, void *buffer, size_t len);
int64_t sys_write(int fd, const void *buffer, size_t len);
int sys_isatty(int fd); /* 1, 0, or -EBADF */
int sys_close(int fd);

/* Random. sys_read_entropy fills everything and gives len. */
int64_t sys_read_entropy(void *buffer, size_t len, unsigned flags);
int sys_rand(void);
int sys_secure_rand32(uint32_t *value);
int sys_secure_rand64(uint64_t *value);

/* CPU. Frequency in MHz. */
int sys_get_processor_count(void);
unsigned sys_get_processor_frequency(void);

/* CPU facts that the C library's string functions choose by; see the HERMIT_CPU_* bits. Valid from before runtime_entry. */
#define HERMIT_CPU_AVX2 1u
#define HERMIT_CPU_AVX512 2u  /* F, VL, BW and enabled in XCR0 */
#define HERMIT_CPU_ERMS 4u
#define HERMIT_CPU_FSRM 8u
extern uint32_t hermit_cpu_features;

#ifdef __cplusplus
}
#endif
#endif
