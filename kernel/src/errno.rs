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
    /// ESRCH: no such process.
    pub const NoProcess: Self = Self(3);
    /// EINTR: a signal ended the wait.
    pub const Interrupted: Self = Self(4);
    /// EIO: the host failed in a way newlib has no number for.
    pub const Io: Self = Self(5);
    /// EBADF: no such descriptor, or not open that way.
    pub const BadDescriptor: Self = Self(9);
    /// EAGAIN: the value differs already.
    pub const Again: Self = Self(11);
    /// ENOMEM: no memory left.
    pub const NoMemory: Self = Self(12);
    /// EACCES: a mapping that the rules forbid.
    pub const Access: Self = Self(13);
    /// EFAULT: a buffer that no program can have.
    pub const Fault: Self = Self(14);
    /// ENODEV: this kind of descriptor cannot be mapped.
    pub const NoDevice: Self = Self(19);
    /// EINVAL: an argument out of range.
    pub const Invalid: Self = Self(22);
    /// ETIMEDOUT: the time is over.
    pub const TimedOut: Self = Self(116);

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
