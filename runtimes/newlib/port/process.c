/* The one process there is: its end, its identity, and what it cannot do (fork, exec). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "port.h"

static char name[] = "root";

void _exit(int code) { sys_exit(code); }

int _getpid_r(struct _reent *reent) {
  (void)reent;
  return sys_getpid();
}

int _fork_r(struct _reent *reent) { return result_r(reent, -ENOSYS); }

pid_t vfork(void) { return fails(ENOSYS); }

int _execve_r(struct _reent *reent, const char *path, char *const argv[], char *const env[]) {
  (void)path, (void)argv, (void)env;
  return result_r(reent, -ENOSYS);
}

int _execve(const char *path, char *const argv[], char *const env[]) { return _execve_r(_REENT, path, argv, env); }

int execvpe(const char *path, char *const argv[], char *const env[]) { return _execve_r(_REENT, path, argv, env); }

int _wait_r(struct _reent *reent, int *status) {
  (void)status;
  return result_r(reent, -ECHILD);
}

pid_t waitpid(pid_t pid, int *status, int options) {
  (void)pid, (void)options;
  return _wait_r(_REENT, status);
}

pid_t getppid(void) { return 0; }
pid_t getpgrp(void) { return sys_getpid(); }
pid_t getpgid(pid_t pid) { return pid == 0 || pid == sys_getpid() ? sys_getpid() : fails(ESRCH); }
pid_t getsid(pid_t pid) { return getpgid(pid); }
pid_t setsid(void) { return fails(EPERM); }

int setpgid(pid_t pid, pid_t leader) {
  if (getpgid(pid) < 0)
    return -1;
  return leader == 0 || leader == sys_getpid() ? 0 : fails(EPERM);
}

uid_t getuid(void) { return 0; }
uid_t geteuid(void) { return 0; }
gid_t getgid(void) { return 0; }
gid_t getegid(void) { return 0; }
int issetugid(void) { return 0; }

/* Root may become anyone, but here there is no one else. */
int setuid(uid_t id) { return id ? fails(EINVAL) : 0; }
int seteuid(uid_t id) { return setuid(id); }
int setgid(gid_t id) { return id ? fails(EINVAL) : 0; }
int setegid(gid_t id) { return setgid(id); }

int getgroups(int size, gid_t list[]) {
  if (size > 0)
    list[0] = 0;
  return size < 0 ? fails(EINVAL) : 1;
}

char *getlogin(void) { return name; }

int getlogin_r(char *buffer, size_t size) {
  if (size < sizeof name)
    return ERANGE;
  memcpy(buffer, name, sizeof name);
  return 0;
}
