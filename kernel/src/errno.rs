//! Error numbers, as newlib counts them.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]

/// An error of a system call, in newlib's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Errno(i32);

#[allow(non_upper_case_globals)]
impl Errno {
    /// EPERM: not allowed.
    pub const NotPermitted: Self = Self(1);
    /// ENOENT: no such file or directory.
    pub const NoEntry: Self = Self(2);
    /// ESRCH: no such process.
    pub const NoProcess: Self = Self(3);
    /// EINTR: a signal ended the wait.
    pub const Interrupted: Self = Self(4);
    /// EIO: the host failed in a way newlib has no number for.
    pub const Io: Self = Self(5);
    /// ENXIO: nobody at the other end, or nothing there.
    pub const NoDeviceOrAddress: Self = Self(6);
    /// EBADF: no such descriptor, or not open that way.
    pub const BadDescriptor: Self = Self(9);
    /// EAGAIN: the value differs already, or it would have to wait.
    pub const Again: Self = Self(11);
    /// ENOMEM: no memory left.
    pub const NoMemory: Self = Self(12);
    /// EACCES: what the rules forbid.
    pub const Access: Self = Self(13);
    /// EFAULT: a buffer that no program can have.
    pub const Fault: Self = Self(14);
    /// EBUSY: in use.
    pub const Busy: Self = Self(16);
    /// EEXIST: it is there already.
    pub const Exists: Self = Self(17);
    /// EXDEV: on another file system.
    pub const OtherDevice: Self = Self(18);
    /// ENODEV: this kind of descriptor cannot be mapped.
    pub const NoDevice: Self = Self(19);
    /// ENOTDIR: no directory.
    pub const NotDirectory: Self = Self(20);
    /// EISDIR: a directory.
    pub const IsDirectory: Self = Self(21);
    /// EINVAL: an argument out of range.
    pub const Invalid: Self = Self(22);
    /// EMFILE: no descriptor left.
    pub const TooManyOpen: Self = Self(24);
    /// ENOTTY: no terminal, or it cannot do that.
    pub const NoTerminal: Self = Self(25);
    /// EFBIG: longer than a file can be.
    pub const TooBig: Self = Self(27);
    /// ENOSPC: no memory left for files.
    pub const NoSpace: Self = Self(28);
    /// ESPIPE: what has no position.
    pub const NoSeek: Self = Self(29);
    /// EROFS: a file system that cannot be written.
    pub const ReadOnly: Self = Self(30);
    /// EMLINK: too many names.
    pub const TooManyLinks: Self = Self(31);
    /// EPIPE: nobody reads it any more.
    pub const Pipe: Self = Self(32);
    /// ERANGE: the result does not fit.
    pub const Range: Self = Self(34);
    /// ENOTEMPTY: a directory that is not empty.
    pub const NotEmpty: Self = Self(90);
    /// ENAMETOOLONG: a name or path that is too long.
    pub const NameTooLong: Self = Self(91);
    /// ELOOP: too many symbolic links.
    pub const Loop: Self = Self(92);
    /// EOPNOTSUPP: not of this kind of file.
    pub const NotSupported: Self = Self(95);
    /// ETIMEDOUT: the time is over.
    pub const TimedOut: Self = Self(116);
    /// EOVERFLOW: a number that does not fit.
    pub const Overflow: Self = Self(139);

    /// From Linux's (the host's) number. Below 35 both count alike.
    pub fn from_linux(number: i64) -> Self {
        match number {
            1..=34 => Self(number as i32),
            38 => Self(88),   // ENOSYS
            75 => Self(139),  // EOVERFLOW
            95 => Self(95),   // EOPNOTSUPP
            104 => Self(104), // ECONNRESET
            105 => Self(105), // ENOBUFS
            110 => Self(116), // ETIMEDOUT
            _ => Self::Io,
        }
    }

    /// What a system call gives: the negative number.
    pub fn code(self) -> i32 {
        -self.0
    }
}

impl From<hermit_fs::NoSpace> for Errno {
    fn from(_: hermit_fs::NoSpace) -> Self {
        Self::NoSpace
    }
}

impl From<hermit_fs::path::Bad> for Errno {
    fn from(bad: hermit_fs::path::Bad) -> Self {
        match bad {
            hermit_fs::path::Bad::Empty => Self::NoEntry,
            hermit_fs::path::Bad::TooLong => Self::NameTooLong,
        }
    }
}
