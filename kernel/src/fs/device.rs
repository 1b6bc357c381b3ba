//! Devices: null, zero, full, random, urandom, tty, and the names of the standard streams.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;

use super::file::{At, File, FileRef};
use super::node::{Node, Opened};
use super::status::{Change, Status};
use super::{flags, standard};
use crate::errno::Errno;
use crate::random;

/// A device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Takes everything, has nothing.
    Null,
    /// Has zeros.
    Zero,
    /// Has zeros, and no room.
    Full,
    /// Has random numbers, takes what one has to add.
    Random,
    /// The same.
    Urandom,
    /// The terminal, if a standard stream is one.
    Terminal,
    /// The descriptor of a standard stream.
    Standard(u8),
}

impl Device {
    /// Permission bits.
    pub fn mode(self) -> u32 {
        match self {
            Self::Standard(_) => 0o620,
            _ => 0o666,
        }
    }

    /// Its device number, as Linux counts: major << 8 | minor.
    pub fn number(self) -> u64 {
        match self {
            Self::Null => 0x103,
            Self::Zero => 0x105,
            Self::Full => 0x107,
            Self::Random => 0x108,
            Self::Urandom => 0x109,
            Self::Terminal => 0x500,
            Self::Standard(stream) => 0x8800 + u64::from(stream),
        }
    }

    /// Opens it; `node` tells its status.
    pub fn open(self, node: Arc<dyn Node>, flags: i32) -> Result<Opened, Errno> {
        match self {
            Self::Terminal => {
                let stream = standard::terminal(flags::reads(flags)).ok_or(Errno::NoDeviceOrAddress)?;
                Ok(Opened::File(FileRef::Static(stream)))
            }
            Self::Standard(stream) => Ok(Opened::Same(i32::from(stream))),
            device => Ok(Opened::File(FileRef::Shared(Arc::new(Open { device, node })))),
        }
    }
}

/// A device that is open.
struct Open {
    device: Device,
    node: Arc<dyn Node>,
}

impl File for Open {
    fn status(&self) -> Result<Status, Errno> {
        self.node.status()
    }

    fn change(&self, change: &Change) -> Result<(), Errno> {
        self.node.change(change)
    }

    fn has_positions(&self) -> bool {
        true
    }

    fn read(&self, _at: u64, bytes: &mut [u8], _wait: bool) -> Result<usize, Errno> {
        match self.device {
            Device::Null => return Ok(0),
            Device::Random | Device::Urandom => random::fill(bytes),
            _ => bytes.fill(0),
        }
        Ok(bytes.len())
    }

    fn write(&self, at: At, bytes: &[u8], _wait: bool) -> Result<(usize, u64), Errno> {
        if self.device == Device::Full && !bytes.is_empty() {
            return Err(Errno::NoSpace);
        }
        // nothing moves: the end of a device is where it begins
        let at = match at {
            At::Offset(offset) => offset,
            At::End => 0,
        };
        Ok((bytes.len(), at))
    }
}
