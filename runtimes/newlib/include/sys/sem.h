/* System V's semaphores: see <sys/ipc.h>. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _SYS_SEM_H
#define _SYS_SEM_H

#include <sys/ipc.h>
#if __GNU_VISIBLE
#include <sys/timespec.h>
#endif

#define SEM_UNDO 010000
#define GETPID 11
#define GETVAL 12
#define GETALL 13
#define GETNCNT 14
#define GETZCNT 15
#define SETVAL 16
#define SETALL 17

struct semid_ds {
  struct ipc_perm sem_perm;
  time_t sem_otime, sem_ctime;
  unsigned short sem_nsems;
};

struct sembuf {
  unsigned short sem_num;
  short sem_op;
  short sem_flg;
};

__BEGIN_DECLS
int semctl(int, int, int, ...);
int semget(key_t, int, int);
int semop(int, struct sembuf *, size_t);
#if __GNU_VISIBLE
int semtimedop(int, struct sembuf *, size_t, const struct timespec *);
#endif
__END_DECLS

#endif
