/* System V's queues, semaphores and shared memory: things of several programs. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>

#include "../port/port.h"

key_t ftok(const char *path, int id) {
  struct stat status;
  if (stat(path, &status) < 0)
    return -1;
  return (key_t)((id & 0xff) << 24 | (status.st_dev & 0xff) << 16 | (status.st_ino & 0xffff));
}

int msgget(key_t key, int flags) {
  (void)key, (void)flags;
  return fails(ENOSYS);
}

int msgctl(int id, int command, struct msqid_ds *status) {
  (void)id, (void)command, (void)status;
  return fails(ENOSYS);
}

ssize_t msgrcv(int id, void *message, size_t size, long type, int flags) {
  (void)id, (void)message, (void)size, (void)type, (void)flags;
  return fails(ENOSYS);
}

int msgsnd(int id, const void *message, size_t size, int flags) {
  (void)id, (void)message, (void)size, (void)flags;
  return fails(ENOSYS);
}

int semget(key_t key, int count, int flags) {
  (void)key, (void)count, (void)flags;
  return fails(ENOSYS);
}

int semctl(int id, int number, int command, ...) {
  (void)id, (void)number, (void)command;
  return fails(ENOSYS);
}

int semop(int id, struct sembuf *list, size_t count) {
  (void)id, (void)list, (void)count;
  return fails(ENOSYS);
}

int semtimedop(int id, struct sembuf *list, size_t count, const struct timespec *limit) {
  (void)limit;
  return semop(id, list, count);
}

int shmget(key_t key, size_t size, int flags) {
  (void)key, (void)size, (void)flags;
  return fails(ENOSYS);
}

void *shmat(int id, const void *where, int flags) {
  (void)id, (void)where, (void)flags;
  errno = ENOSYS;
  return (void *)-1;
}

int shmctl(int id, int command, struct shmid_ds *status) {
  (void)id, (void)command, (void)status;
  return fails(ENOSYS);
}

int shmdt(const void *where) {
  (void)where;
  return fails(ENOSYS);
}
