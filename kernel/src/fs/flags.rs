//! Numbers of the C library's headers: open flags and what goes with them. (newlib's, sys/_default_fcntl.h.)
// SPDX-License-Identifier: BSD-3-Clause

/// O_ACCMODE: 0 read, 1 write, 2 both.
pub const ACCESS: i32 = 3;
/// O_APPEND: every write goes to the end.
pub const APPEND: i32 = 0x8;
/// O_CREAT: make it, if it is not there.
pub const CREATE: i32 = 0x200;
/// O_TRUNC: empty it.
pub const TRUNCATE: i32 = 0x400;
/// O_EXCL: only if it is not there.
pub const EXCLUSIVE: i32 = 0x800;
/// O_SYNC: writes are on the medium when they return.
pub const SYNC: i32 = 0x2000;
/// O_NONBLOCK: EAGAIN instead of waiting.
pub const NONBLOCK: i32 = 0x4000;
/// O_CLOEXEC.
pub const CLOEXEC: i32 = 0x40000;
/// O_NOFOLLOW: not through a symbolic link.
pub const NOFOLLOW: i32 = 0x10_0000;
/// O_DIRECTORY: a directory or nothing.
pub const DIRECTORY: i32 = 0x20_0000;
/// O_EXEC and O_SEARCH: neither read nor written.
pub const SEARCH: i32 = 0x40_0000;
/// What F_SETFL changes.
pub const SETTABLE: i32 = APPEND | NONBLOCK | SYNC;

/// AT_FDCWD: names are relative to the working directory.
pub const AT_CWD: i32 = -2;
/// AT_SYMLINK_NOFOLLOW.
pub const AT_NOFOLLOW: i32 = 2;
/// AT_SYMLINK_FOLLOW.
pub const AT_FOLLOW: i32 = 4;
/// AT_REMOVEDIR.
pub const AT_REMOVEDIR: i32 = 8;
/// AT_EMPTY_PATH.
pub const AT_EMPTY: i32 = 16;

/// May it be read?
pub fn reads(flags: i32) -> bool {
    flags & ACCESS != 1 && flags & SEARCH == 0
}

/// May it be written?
pub fn writes(flags: i32) -> bool {
    matches!(flags & ACCESS, 1 | 2)
}
