/* GNU's short names of errors and signals. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <string.h>

#include "../port/port.h"

#define ERROR(name) [name] = #name

static const char *const errors[] = {
    [0] = "0",         ERROR(E2BIG),       ERROR(EACCES),     ERROR(EADDRINUSE),  ERROR(EADDRNOTAVAIL),
    ERROR(EAFNOSUPPORT), ERROR(EAGAIN),    ERROR(EALREADY),   ERROR(EBADF),       ERROR(EBADMSG),
    ERROR(EBUSY),      ERROR(ECANCELED),   ERROR(ECHILD),     ERROR(ECONNABORTED), ERROR(ECONNREFUSED),
    ERROR(ECONNRESET), ERROR(EDEADLK),     ERROR(EDESTADDRREQ), ERROR(EDOM),      ERROR(EDQUOT),
    ERROR(EEXIST),     ERROR(EFAULT),      ERROR(EFBIG),      ERROR(EHOSTDOWN),   ERROR(EHOSTUNREACH),
    ERROR(EIDRM),      ERROR(EILSEQ),      ERROR(EINPROGRESS), ERROR(EINTR),      ERROR(EINVAL),
    ERROR(EIO),        ERROR(EISCONN),     ERROR(EISDIR),     ERROR(ELOOP),       ERROR(EMFILE),
    ERROR(EMLINK),     ERROR(EMSGSIZE),    ERROR(EMULTIHOP),  ERROR(ENAMETOOLONG), ERROR(ENETDOWN),
    ERROR(ENETRESET),  ERROR(ENETUNREACH), ERROR(ENFILE),     ERROR(ENOBUFS),     ERROR(ENODATA),
    ERROR(ENODEV),     ERROR(ENOENT),      ERROR(ENOEXEC),    ERROR(ENOLCK),      ERROR(ENOLINK),
    ERROR(ENOMEM),     ERROR(ENOMSG),      ERROR(ENOPROTOOPT), ERROR(ENOSPC),     ERROR(ENOSR),
    ERROR(ENOSTR),     ERROR(ENOSYS),      ERROR(ENOTCONN),   ERROR(ENOTDIR),     ERROR(ENOTEMPTY),
    ERROR(ENOTRECOVERABLE), ERROR(ENOTSOCK), ERROR(ENOTSUP),  ERROR(ENOTTY),      ERROR(ENXIO),
    ERROR(EOPNOTSUPP), ERROR(EOVERFLOW),   ERROR(EOWNERDEAD), ERROR(EPERM),       ERROR(EPFNOSUPPORT),
    ERROR(EPIPE),      ERROR(EPROTO),      ERROR(EPROTONOSUPPORT), ERROR(EPROTOTYPE), ERROR(ERANGE),
    ERROR(EROFS),      ERROR(ESPIPE),      ERROR(ESRCH),      ERROR(ESTALE),      ERROR(ETIME),
    ERROR(ETIMEDOUT),  ERROR(ETOOMANYREFS), ERROR(ETXTBSY),   ERROR(EXDEV),
};

#define SIGNAL(name) [SIG##name] = #name

static const char *const signals[] = {
    SIGNAL(ABRT), SIGNAL(ALRM), SIGNAL(BUS),  SIGNAL(CHLD), SIGNAL(CONT), SIGNAL(FPE),    SIGNAL(HUP),
    SIGNAL(ILL),  SIGNAL(INT),  SIGNAL(IO),   SIGNAL(KILL), SIGNAL(PIPE), SIGNAL(PROF),   SIGNAL(QUIT),
    SIGNAL(SEGV), SIGNAL(STOP), SIGNAL(SYS),  SIGNAL(TERM), SIGNAL(TRAP), SIGNAL(TSTP),   SIGNAL(TTIN),
    SIGNAL(TTOU), SIGNAL(URG),  SIGNAL(USR1), SIGNAL(USR2), SIGNAL(VTALRM), SIGNAL(WINCH), SIGNAL(XCPU),
    SIGNAL(XFSZ),
};

const char *strerrorname_np(int number) {
  return number >= 0 && (size_t)number < sizeof errors / sizeof *errors ? errors[number] : NULL;
}

const char *strerrordesc_np(int number) {
  if (number == 0)
    return "Success";
  return strerrorname_np(number) ? strerror(number) : NULL;
}

const char *sigabbrev_np(int number) {
  return number > 0 && (size_t)number < sizeof signals / sizeof *signals ? signals[number] : NULL;
}

const char *sigdescr_np(int number) { return sigabbrev_np(number) ? strsignal(number) : NULL; }
