/* Internet addresses as text, of both versions, and the network's byte order. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../port/port.h"

enum { V4_BYTES = 4, GROUPS = 8, HEX = 16 };

#undef htonl
#undef htons
#undef ntohl
#undef ntohs
uint32_t htonl(uint32_t value) { return __builtin_bswap32(value); }
uint16_t htons(uint16_t value) { return __builtin_bswap16(value); }
uint32_t ntohl(uint32_t value) { return __builtin_bswap32(value); }
uint16_t ntohs(uint16_t value) { return __builtin_bswap16(value); }

/* One to four numbers, C's octal and hexadecimal ones as well; the last fills what is left. */
int inet_aton(const char *text, struct in_addr *address) {
  unsigned long part[V4_BYTES], value;
  int count = 0;
  for (;; text++) {
    char *end;
    if (*text < '0' || *text > '9')
      return 0;
    part[count++] = strtoul(text, &end, 0);
    text = end;
    if (*text != '.')
      break;
    if (count == V4_BYTES)
      return 0;
  }
  if (*text && !strchr(" \t\n\v\f\r", *text))
    return 0;
  value = part[count - 1];
  if (value >> 8 * (V4_BYTES + 1 - count))
    return 0;
  for (int i = 0; i < count - 1; i++) {
    if (part[i] > 0xff)
      return 0;
    value |= part[i] << 8 * (V4_BYTES - 1 - i);
  }
  if (address)
    address->s_addr = htonl((uint32_t)value);
  return 1;
}

in_addr_t inet_addr(const char *text) {
  struct in_addr address;
  return inet_aton(text, &address) ? address.s_addr : INADDR_NONE;
}

in_addr_t inet_network(const char *text) {
  in_addr_t sum = 0;
  for (int count = 0; count < V4_BYTES; text++, count++) {
    char *end;
    unsigned long part = strtoul(text, &end, 0);
    if (end == text || part > 0xff)
      return INADDR_NONE;
    sum = sum << 8 | (in_addr_t)part;
    text = end;
    if (*text == 0)
      return sum;
    if (*text != '.')
      break;
  }
  return INADDR_NONE;
}

char *inet_ntoa(struct in_addr address) {
  static __thread char text[INET_ADDRSTRLEN];
  return (char *)inet_ntop(AF_INET, &address, text, sizeof text);
}

/* Networks of classes A, B and C: bits of the host's part. */
static int host_bits(uint32_t address) { return !(address >> 31) ? 24 : !(address >> 30 & 1) ? 16 : 8; }

in_addr_t inet_lnaof(struct in_addr address) {
  uint32_t value = ntohl(address.s_addr);
  return value & ((1U << host_bits(value)) - 1);
}

in_addr_t inet_netof(struct in_addr address) {
  uint32_t value = ntohl(address.s_addr);
  return value >> host_bits(value);
}

struct in_addr inet_makeaddr(in_addr_t net, in_addr_t host) {
  int bits = net < 0x80 ? 24 : net < 0x10000 ? 16 : 8;
  return (struct in_addr){htonl(net << bits | (host & ((1U << bits) - 1)))};
}

static int read_v4(const char *text, unsigned char *to) {
  for (int i = 0; i < V4_BYTES; i++) {
    unsigned value = 0;
    int digits = 0;
    while (*text >= '0' && *text <= '9' && digits < 3)
      value = value * 10 + (unsigned)(*text++ - '0'), digits++;
    if (digits == 0 || value > 0xff || (digits > 1 && text[-digits] == '0') || *text++ != (i < V4_BYTES - 1 ? '.' : 0))
      return 0;
    to[i] = (unsigned char)value;
  }
  return 1;
}

/* Eight groups of hexadecimal digits, of which one run of zeros may be left out, and the last two may be of version 4. */
static int read_v6(const char *text, unsigned char *to) {
  unsigned char found[GROUPS * 2] = {0};
  int count = 0, gap = -1;
  if (*text == ':' && *++text != ':')
    return 0;
  for (;;) {
    if (*text == ':') {
      if (gap >= 0)
        return 0;
      gap = count;
      if (*++text == 0)
        break;
    }
    size_t digits = strspn(text, "0123456789abcdefABCDEF");
    if (count < GROUPS - 1 && text[digits] == '.') {
      if (!read_v4(text, found + count * 2))
        return 0;
      count += 2;
      break;
    }
    if (count == GROUPS || digits == 0 || digits > 4)
      return 0;
    unsigned long value = strtoul(text, NULL, HEX);
    found[count * 2] = (unsigned char)(value >> 8), found[count * 2 + 1] = (unsigned char)value;
    count++;
    text += digits;
    if (*text == 0)
      break;
    if (*text++ != ':' || *text == 0)
      return 0;
  }
  if (gap < 0 ? count != GROUPS : count >= GROUPS)
    return 0;
  int front = gap < 0 ? GROUPS : gap, back = gap < 0 ? 0 : count - gap;
  memset(to, 0, GROUPS * 2);
  memcpy(to, found, (size_t)front * 2);
  memcpy(to + (GROUPS - back) * 2, found + front * 2, (size_t)back * 2);
  return 1;
}

int inet_pton(int family, const char *restrict text, void *restrict to) {
  if (family == AF_INET)
    return read_v4(text, to);
  if (family == AF_INET6)
    return read_v6(text, to);
  return fails(EAFNOSUPPORT);
}

/* The longest run of two zeros or more, the first of equals (RFC 5952). */
static int longest(const unsigned *group, int *length) {
  int best = -1;
  *length = 1;
  for (int i = 0; i < GROUPS; i++) {
    int run = 0;
    while (i + run < GROUPS && group[i + run] == 0)
      run++;
    if (run > *length)
      best = i, *length = run;
    i += run ? run - 1 : 0;
  }
  return best;
}

static void write_v6(const unsigned char *from, char *text, size_t size) {
  unsigned group[GROUPS];
  char *end = text + size;
  for (int i = 0; i < GROUPS; i++)
    group[i] = (unsigned)from[2 * i] << 8 | from[2 * i + 1];
  int run, gap = longest(group, &run);
  int mapped = gap == 0 && (run == 5 && group[5] == 0xffff);
  for (int i = 0; i < GROUPS; i++) {
    if (i == gap) {
      text += snprintf(text, (size_t)(end - text), "::");
      i += run - 1;
    } else if (mapped && i == GROUPS - 2) {
      snprintf(text, (size_t)(end - text), "%u.%u.%u.%u", from[12], from[13], from[14], from[15]);
      return;
    } else {
      text += snprintf(text, (size_t)(end - text), "%x%s", group[i], i < GROUPS - 1 && i + 1 != gap ? ":" : "");
    }
  }
}

const char *inet_ntop(int family, const void *restrict from, char *restrict to, socklen_t size) {
  char text[INET6_ADDRSTRLEN];
  const unsigned char *byte = from;
  if (family == AF_INET)
    snprintf(text, sizeof text, "%u.%u.%u.%u", byte[0], byte[1], byte[2], byte[3]);
  else if (family == AF_INET6)
    write_v6(byte, text, sizeof text);
  else
    return fails(EAFNOSUPPORT), NULL;
  if (strlen(text) >= size)
    return fails(ENOSPC), NULL;
  return strcpy(to, text);
}
