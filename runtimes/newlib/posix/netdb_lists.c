/* The lists behind <netdb.h>'s older functions are empty; an address in figures is its own name. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <netdb.h>
#include <string.h>

#include "../port/port.h"

enum { V6_BYTES = 16, NAME = 64 };

static void *unknown(int why) {
  h_errno = why;
  return NULL;
}

void sethostent(int stay) { (void)stay; }
void setnetent(int stay) { (void)stay; }
void setprotoent(int stay) { (void)stay; }
void setservent(int stay) { (void)stay; }
void endhostent(void) {}
void endnetent(void) {}
void endprotoent(void) {}
void endservent(void) {}
struct hostent *gethostent(void) { return unknown(HOST_NOT_FOUND); }
struct netent *getnetent(void) { return NULL; }
struct protoent *getprotoent(void) { return NULL; }
struct servent *getservent(void) { return NULL; }

struct netent *getnetbyaddr(uint32_t number, int type) {
  (void)number, (void)type;
  return unknown(HOST_NOT_FOUND);
}

struct netent *getnetbyname(const char *name) {
  (void)name;
  return unknown(HOST_NOT_FOUND);
}

struct protoent *getprotobynumber(int number) {
  static char *none[] = {NULL};
  static char ip[] = "ip", icmp[] = "icmp", tcp[] = "tcp", udp[] = "udp";
  static struct protoent known[] = {{ip, none, IPPROTO_IP}, {icmp, none, IPPROTO_ICMP},
                                    {tcp, none, IPPROTO_TCP}, {udp, none, IPPROTO_UDP}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].p_proto == number)
      return &known[i];
  return NULL;
}

struct protoent *getprotobyname(const char *name) {
  static const int numbers[] = {IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (strcmp(getprotobynumber(numbers[i])->p_name, name) == 0)
      return getprotobynumber(numbers[i]);
  return NULL;
}

struct servent *getservbyname(const char *name, const char *protocol) {
  (void)name, (void)protocol;
  return NULL;
}

struct servent *getservbyport(int port, const char *protocol) {
  (void)port, (void)protocol;
  return NULL;
}

struct hostent *gethostbyname2(const char *name, int family) {
  static __thread unsigned char address[V6_BYTES];
  static __thread char text[NAME], *addresses[2], *none[1];
  static __thread struct hostent host;
  int known = family == AF_INET ? inet_aton(name, (struct in_addr *)address) : inet_pton(family, name, address) == 1;
  if (!known || strlen(name) >= sizeof text)
    return unknown(HOST_NOT_FOUND);
  strcpy(text, name);
  addresses[0] = (char *)address;
  host = (struct hostent){text, none, family, family == AF_INET ? 4 : V6_BYTES, addresses};
  return &host;
}

struct hostent *gethostbyname(const char *name) { return gethostbyname2(name, AF_INET); }

struct hostent *gethostbyaddr(const void *address, socklen_t length, int family) {
  (void)address, (void)length, (void)family;
  return unknown(HOST_NOT_FOUND);
}

/* The answer is in the thread's own storage, not in the caller's, which may be smaller. */
int gethostbyname_r(const char *name, struct hostent *host, char *buffer, size_t size, struct hostent **found,
                    int *error) {
  (void)buffer, (void)size;
  struct hostent *known = gethostbyname(name);
  *found = known ? (*host = *known, host) : NULL;
  *error = known ? NETDB_SUCCESS : h_errno;
  return 0;
}

int gethostbyaddr_r(const void *address, socklen_t length, int family, struct hostent *host, char *buffer, size_t size,
                    struct hostent **found, int *error) {
  (void)address, (void)length, (void)family, (void)host, (void)buffer, (void)size;
  *found = NULL;
  *error = HOST_NOT_FOUND;
  return 0;
}
