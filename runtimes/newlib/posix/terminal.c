/* Terminals beyond tcgetattr(): speeds are kept in the settings, and nothing is a terminal that a program could steer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "../port/port.h"

speed_t cfgetispeed(const struct termios *settings) { return settings->c_ispeed; }

speed_t cfgetospeed(const struct termios *settings) { return settings->c_ospeed; }

int cfsetispeed(struct termios *settings, speed_t speed) {
  settings->c_ispeed = speed;
  return 0;
}

int cfsetospeed(struct termios *settings, speed_t speed) {
  settings->c_ospeed = speed;
  return 0;
}

int cfsetspeed(struct termios *settings, speed_t speed) {
  settings->c_ispeed = settings->c_ospeed = speed;
  return 0;
}

void cfmakeraw(struct termios *settings) {
  settings->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  settings->c_oflag &= ~(tcflag_t)OPOST;
  settings->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  settings->c_cflag = (settings->c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
  settings->c_cc[VMIN] = 1;
  settings->c_cc[VTIME] = 0;
}

static int no_terminal(int fd) {
  struct stat status;
  return fstat(fd, &status) < 0 ? -1 : fails(ENOTTY);
}

int tcdrain(int fd) { return no_terminal(fd); }

int tcflow(int fd, int action) {
  (void)action;
  return no_terminal(fd);
}

int tcflush(int fd, int queue) {
  (void)queue;
  return no_terminal(fd);
}

int tcsendbreak(int fd, int time) {
  (void)time;
  return no_terminal(fd);
}

pid_t tcgetsid(int fd) { return no_terminal(fd); }

pid_t tcgetpgrp(int fd) { return no_terminal(fd); }

int tcsetpgrp(int fd, pid_t group) {
  (void)group;
  return no_terminal(fd);
}

int ttyname_r(int fd, char *name, size_t size) {
  int before = errno;
  const char *known = ttyname(fd);
  int error = known ? 0 : errno;
  errno = before;
  if (known == NULL)
    return error;
  if (strlen(known) >= size)
    return ERANGE;
  strcpy(name, known);
  return 0;
}

char *ctermid(char *to) {
  static char own[L_ctermid];
  return strcpy(to ? to : own, "/dev/tty");
}

/* Without a terminal, a password is a line of standard input, as glibc takes it. */
char *getpass(const char *prompt) {
  static char line[256];
  fputs(prompt, stderr);
  fflush(stderr);
  if (fgets(line, sizeof line, stdin) == NULL)
    return NULL;
  line[strcspn(line, "\n")] = 0;
  return line;
}

int posix_openpt(int flags) {
  (void)flags;
  return fails(ENOSYS);
}

int grantpt(int fd) { return no_terminal(fd); }

int unlockpt(int fd) { return no_terminal(fd); }

char *ptsname(int fd) {
  no_terminal(fd);
  return NULL;
}

int ptsname_r(int fd, char *name, size_t size) {
  (void)name, (void)size;
  no_terminal(fd);
  return errno;
}
