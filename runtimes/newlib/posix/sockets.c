/* Sockets: until there is a network, none can be made, and whatever else is given is no socket. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../port/port.h"

const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;
const struct in6_addr in6addr_loopback = IN6ADDR_LOOPBACK_INIT;

int socket(int family, int type, int protocol) {
  (void)type, (void)protocol;
  return fails(family == AF_INET || family == AF_INET6 || family == AF_UNIX ? ENOSYS : EAFNOSUPPORT);
}

/* Pairs of sockets are the only ones; what needs an address or an option has none. */
static int is_pair(int fd) {
  struct stat status;
  return fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
}

static int no_socket(int fd) {
  if (is_pair(fd))
    return fails(EOPNOTSUPP);
  return fcntl(fd, F_GETFD) < 0 ? -1 : fails(ENOTSOCK);
}

int bind(int fd, const struct sockaddr *address, socklen_t size) {
  (void)address, (void)size;
  return no_socket(fd);
}

int connect(int fd, const struct sockaddr *address, socklen_t size) {
  (void)address, (void)size;
  return no_socket(fd);
}

int listen(int fd, int backlog) {
  (void)backlog;
  return no_socket(fd);
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict size) {
  (void)address, (void)size;
  return no_socket(fd);
}

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict size, int flags) {
  (void)address, (void)size, (void)flags;
  return no_socket(fd);
}

int getpeername(int fd, struct sockaddr *restrict address, socklen_t *restrict size) {
  (void)address, (void)size;
  return no_socket(fd);
}

int getsockname(int fd, struct sockaddr *restrict address, socklen_t *restrict size) {
  (void)address, (void)size;
  return no_socket(fd);
}

int getsockopt(int fd, int level, int option, void *restrict value, socklen_t *restrict size) {
  (void)level, (void)option, (void)value, (void)size;
  return no_socket(fd);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t size) {
  (void)level, (void)option, (void)value, (void)size;
  return no_socket(fd);
}

int shutdown(int fd, int how) {
  (void)how;
  return no_socket(fd);
}

int sockatmark(int fd) { return no_socket(fd); }

ssize_t recv(int fd, void *buffer, size_t size, int flags) {
  return flags == 0 && is_pair(fd) ? read(fd, buffer, size) : no_socket(fd);
}

ssize_t recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *restrict address,
                 socklen_t *restrict length) {
  (void)address, (void)length;
  return recv(fd, buffer, size, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  (void)message, (void)flags;
  return no_socket(fd);
}

int recvmmsg(int fd, struct mmsghdr *list, unsigned int count, int flags, struct timespec *limit) {
  (void)list, (void)count, (void)flags, (void)limit;
  return no_socket(fd);
}

ssize_t send(int fd, const void *buffer, size_t size, int flags) {
  return flags == 0 && is_pair(fd) ? write(fd, buffer, size) : no_socket(fd);
}

ssize_t sendto(int fd, const void *buffer, size_t size, int flags, const struct sockaddr *address, socklen_t length) {
  (void)address, (void)length;
  return send(fd, buffer, size, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  (void)message, (void)flags;
  return no_socket(fd);
}

int sendmmsg(int fd, struct mmsghdr *list, unsigned int count, int flags) {
  (void)list, (void)count, (void)flags;
  return no_socket(fd);
}

struct if_nameindex *if_nameindex(void) {
  errno = ENOSYS;
  return NULL;
}

void if_freenameindex(struct if_nameindex *list) { (void)list; }

char *if_indextoname(unsigned int index, char *name) {
  (void)index, (void)name;
  errno = ENXIO;
  return NULL;
}

unsigned int if_nametoindex(const char *name) {
  (void)name;
  errno = ENODEV;
  return 0;
}
