/* Widths of the system types on hermit: 64-bit files, as POSIX programs expect them today. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _MACHINE__TYPES_H
#define _MACHINE__TYPES_H

#include <machine/_default_types.h>

typedef __int64_t __blkcnt_t;
#define __machine_blkcnt_t_defined

typedef __int64_t __blksize_t;
#define __machine_blksize_t_defined

typedef __uint64_t __fsfilcnt_t;
#define __machine_fsfilcnt_t_defined

typedef __uint64_t __dev_t;
#define __machine_dev_t_defined

typedef __uint64_t __ino_t;
#define __machine_ino_t_defined

typedef __uint32_t __mode_t;
#define __machine_mode_t_defined

typedef __uint32_t __uid_t;
#define __machine_uid_t_defined

typedef __uint32_t __gid_t;
#define __machine_gid_t_defined

#endif
