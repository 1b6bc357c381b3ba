//! tmpfs: files in memory.
// SPDX-License-Identifier: BSD-3-Clause
mod directory;
mod inode;
mod regular;

use alloc::sync::Arc;
use core::sync::atomic::{AtomicU64, Ordering};

pub use inode::Inode;

use super::device::Device;
use super::node::Node;
use super::status::Kind;
use crate::errno::Errno;

/// Numbers of file systems.
static NEXT_DEVICE: AtomicU64 = AtomicU64::new(1);

/// A file system: what its nodes share.
pub struct Volume {
    device: u64,
    next: AtomicU64,
    /// Held while a directory moves to another one: nobody's ancestors change meanwhile.
    moves: crate::sync::Mutex<()>,
}

impl Volume {
    fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

/// Makes an empty file system; its root.
pub fn new() -> Result<Arc<Inode>, Errno> {
    crate::memory::pool::secure()?;
    let device = NEXT_DEVICE.fetch_add(1, Ordering::Relaxed);
    let volume = Arc::new(Volume { device, next: AtomicU64::new(1), moves: crate::sync::Mutex::new(()) });
    Ok(Inode::directory(&volume, 0o755, None))
}

/// Adds a device to a directory of a tmpfs.
pub fn add_device(folder: &Arc<Inode>, name: &[u8], device: Device) -> Result<(), Errno> {
    folder.add(name, |volume| Inode::device(volume, device)).map(|_| ())
}

/// Adds a directory.
pub fn add_directory(folder: &Arc<Inode>, name: &[u8], mode: u32) -> Result<Arc<Inode>, Errno> {
    let made = folder.clone().create(name, Kind::Directory, mode, &[])?;
    made.into_any().downcast().map_err(|_| Errno::Io)
}
