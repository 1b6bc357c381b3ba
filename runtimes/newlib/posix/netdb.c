/* Names of hosts, networks, protocols and services: addresses and ports in figures are converted, no name is known. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

enum { PORT_MAX = 65535 };

int *__h_errno(void) {
  static __thread int number;
  return &number;
}

const char *hstrerror(int number) {
  switch (number) {
  case NETDB_SUCCESS:
    return "No error";
  case HOST_NOT_FOUND:
    return "Unknown host";
  case TRY_AGAIN:
    return "Host name lookup failure";
  case NO_RECOVERY:
    return "Unknown server error";
  case NO_DATA:
    return "No address associated with name";
  default:
    return "Unknown resolver error";
  }
}

void herror(const char *text) {
  fprintf(stderr, "%s%s%s\n", text ? text : "", text && *text ? ": " : "", hstrerror(h_errno));
}

const char *gai_strerror(int error) {
  switch (error) {
  case EAI_BADFLAGS:
    return "Invalid flags";
  case EAI_NONAME:
    return "Name does not resolve";
  case EAI_AGAIN:
    return "Try again";
  case EAI_FAIL:
    return "Non-recoverable error";
  case EAI_FAMILY:
    return "Unrecognized address family or invalid length";
  case EAI_SOCKTYPE:
    return "Unrecognized socket type";
  case EAI_SERVICE:
    return "Unrecognized service";
  case EAI_MEMORY:
    return "Out of memory";
  case EAI_SYSTEM:
    return "System error";
  case EAI_OVERFLOW:
    return "Overflow";
  default:
    return "Unknown error";
  }
}

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

struct answer {
  struct addrinfo info;
  union address address;
};

static int read_port(const char *service, uint16_t *port) {
  char *end;
  *port = 0;
  if (service == NULL)
    return 0;
  unsigned long number = strtoul(service, &end, 10);
  if (end == service || *end || number > PORT_MAX)
    return EAI_SERVICE;
  *port = htons((uint16_t)number);
  return 0;
}

static int read_host(const char *host, int flags, int family, union address *address) {
  if (family != AF_INET6 && (host ? inet_aton(host, &address->v4.sin_addr) : 1)) {
    if (host == NULL)
      address->v4.sin_addr.s_addr = htonl(flags & AI_PASSIVE ? INADDR_ANY : INADDR_LOOPBACK);
    address->v4.sin_family = AF_INET;
    return 0;
  }
  if (family != AF_INET && (host ? inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1 : 1)) {
    if (host == NULL)
      address->v6.sin6_addr = flags & AI_PASSIVE ? in6addr_any : in6addr_loopback;
    address->v6.sin6_family = AF_INET6;
    return 0;
  }
  return flags & AI_NUMERICHOST ? EAI_NONAME : EAI_FAIL;
}

int getaddrinfo(const char *restrict host, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found) {
  struct addrinfo wish = {.ai_family = AF_UNSPEC};
  if (hints)
    wish = *hints;
  if (host == NULL && service == NULL)
    return EAI_NONAME;
  if (wish.ai_family != AF_UNSPEC && wish.ai_family != AF_INET && wish.ai_family != AF_INET6)
    return EAI_FAMILY;
  uint16_t port;
  struct answer *answer = calloc(1, sizeof *answer);
  if (answer == NULL)
    return EAI_MEMORY;
  int error = read_port(service, &port);
  if (error == 0)
    error = read_host(host, wish.ai_flags, wish.ai_family, &answer->address);
  if (error) {
    free(answer);
    return error;
  }
  int is_v6 = answer->address.any.sa_family == AF_INET6;
  *(is_v6 ? &answer->address.v6.sin6_port : &answer->address.v4.sin_port) = port;
  answer->info = (struct addrinfo){.ai_family = answer->address.any.sa_family,
                                   .ai_socktype = wish.ai_socktype ? wish.ai_socktype : SOCK_STREAM,
                                   .ai_protocol = wish.ai_protocol,
                                   .ai_addrlen = is_v6 ? sizeof answer->address.v6 : sizeof answer->address.v4,
                                   .ai_addr = &answer->address.any};
  if (wish.ai_flags & AI_CANONNAME)
    answer->info.ai_canonname = strdup(host ? host : "");
  *found = &answer->info;
  return 0;
}

void freeaddrinfo(struct addrinfo *list) {
  while (list) {
    struct addrinfo *next = list->ai_next;
    free(list->ai_canonname);
    free(list);
    list = next;
  }
}

int getnameinfo(const struct sockaddr *restrict address, socklen_t length, char *restrict host, socklen_t host_size,
                char *restrict service, socklen_t service_size, int flags) {
  const union address *from = (const union address *)address;
  int is_v6 = address->sa_family == AF_INET6;
  if (!(is_v6 && length >= sizeof from->v6) && !(address->sa_family == AF_INET && length >= sizeof from->v4))
    return EAI_FAMILY;
  if (flags & NI_NAMEREQD)
    return EAI_NONAME;
  const void *bytes = is_v6 ? (const void *)&from->v6.sin6_addr : &from->v4.sin_addr;
  if (host && host_size && !inet_ntop(address->sa_family, bytes, host, host_size))
    return EAI_OVERFLOW;
  unsigned port = ntohs(is_v6 ? from->v6.sin6_port : from->v4.sin_port);
  if (service && service_size && snprintf(service, service_size, "%u", port) >= (int)service_size)
    return EAI_OVERFLOW;
  return 0;
}
