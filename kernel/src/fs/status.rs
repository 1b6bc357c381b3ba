//! What is known of a file beside its content, and what of that can be changed.
// SPDX-License-Identifier: BSD-3-Clause
use crate::clock;

/// Kinds, as the file type bits of a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Kind {
    /// FIFO or pipe.
    Fifo = 0o010_000,
    /// Character device.
    Character = 0o020_000,
    /// Directory.
    Directory = 0o040_000,
    /// Regular file.
    Regular = 0o100_000,
    /// Symbolic link.
    Link = 0o120_000,
    /// Socket.
    Socket = 0o140_000,
}

/// A moment of the realtime clock; nanoseconds below 10^9. `struct timespec`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[repr(C)]
pub struct Time {
    /// Seconds since 1970.
    pub seconds: i64,
    /// And nanoseconds.
    pub nanoseconds: i64,
}

impl Time {
    /// This moment.
    pub fn now() -> Self {
        let ns = clock::realtime();
        Self { seconds: (ns / 1_000_000_000) as i64, nanoseconds: (ns % 1_000_000_000) as i64 }
    }
}

/// What stat tells: `struct sys_stat` of hermit/syscalls.h, which says what each field is.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
#[allow(missing_docs)]
pub struct Status {
    pub device: u64,
    pub number: u64,
    pub mode: u32,
    pub links: u32,
    pub user: u32,
    pub group: u32,
    pub special: u64,
    pub size: u64,
    pub blocks: u64,
    pub block_size: u64,
    pub accessed: Time,
    pub modified: Time,
    pub changed: Time,
}

/// What chmod, chown and utimensat change; None stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct Change {
    /// Permission bits, 07777.
    pub mode: Option<u32>,
    /// Owner.
    pub user: Option<u32>,
    /// Group.
    pub group: Option<u32>,
    /// Last access.
    pub accessed: Option<Time>,
    /// Last modification.
    pub modified: Option<Time>,
}
