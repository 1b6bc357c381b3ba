//! What can be done with an open file, whatever it is.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;

use super::status::{Change, Status};
use crate::errno::Errno;

/// Where a write goes.
#[derive(Clone, Copy, Debug)]
pub enum At {
    /// To a position.
    Offset(u64),
    /// To the end, wherever that is then.
    End,
}

/// What holds of a descriptor, as poll's bits.
pub mod events {
    /// There is something to read, or the end.
    pub const IN: u32 = 0x041;
    /// Something can be written.
    pub const OUT: u32 = 0x104;
    /// It failed.
    pub const ERROR: u32 = 0x008;
    /// The other end is closed.
    pub const HANGUP: u32 = 0x010;
}

/// A file that can be open. Calls may wait, for the host or for another thread, only where they are told to.
pub trait File: Send + Sync {
    /// What stat tells.
    fn status(&self) -> Result<Status, Errno>;

    /// Copies out, from position `at` where it has positions. Nothing to be had yet: waits or, without `wait`, is EAGAIN.
    fn read(&self, _at: u64, _bytes: &mut [u8], _wait: bool) -> Result<usize, Errno> {
        Err(Errno::Invalid)
    }

    /// Copies in; gives how many bytes, and the position behind them.
    fn write(&self, _at: At, _bytes: &[u8], _wait: bool) -> Result<(usize, u64), Errno> {
        Err(Errno::Invalid)
    }

    /// Has it positions? What has none is a stream.
    fn has_positions(&self) -> bool {
        false
    }

    /// Is it a terminal?
    fn is_terminal(&self) -> bool {
        false
    }

    /// Changes what of `change` is there.
    fn change(&self, _change: &Change) -> Result<(), Errno> {
        Err(Errno::Invalid)
    }

    /// Makes it `size` bytes long.
    fn resize(&self, _size: u64) -> Result<(), Errno> {
        Err(Errno::Invalid)
    }

    /// Takes memory for these bytes, and makes the file as long.
    fn allocate(&self, _offset: u64, _len: u64) -> Result<(), Errno> {
        Err(Errno::NoDevice)
    }

    /// The first byte of data, or of a hole, from `offset` on.
    fn find(&self, _offset: u64, _hole: bool) -> Result<u64, Errno> {
        Err(Errno::Invalid)
    }

    /// What was written is on the medium.
    fn sync(&self) -> Result<(), Errno> {
        Ok(())
    }

    /// What holds now, of `events`.
    fn events(&self) -> u32 {
        events::IN | events::OUT
    }

    /// How long until it has to be looked at again, as nobody tells, ns.
    fn patience(&self) -> u64 {
        u64::MAX
    }

    /// Takes memory for these bytes, whole pages, to be mapped: gives addresses and lengths, in order. It stays until `unpin`, which
    /// answers a call with no bytes alone.
    fn pin(&self, _offset: u64, _len: u64, _each: &mut dyn FnMut(u64, u64)) -> Result<(), Errno> {
        Err(Errno::NoDevice)
    }

    /// A mapping is gone.
    fn unpin(&self) {}

    /// Bytes that could be read at once.
    fn unread(&self) -> Result<usize, Errno> {
        Err(Errno::NoTerminal)
    }
}

/// A file that somebody has: one that is always there, or one that ends with its last holder.
#[derive(Clone)]
pub enum FileRef {
    /// Always there.
    Static(&'static dyn File),
    /// Shared.
    Shared(Arc<dyn File>),
}

impl core::ops::Deref for FileRef {
    type Target = dyn File;
    fn deref(&self) -> &(dyn File + 'static) {
        match self {
            Self::Static(file) => *file,
            Self::Shared(file) => &**file,
        }
    }
}
