//! Open file descriptions: what dup shares, above all the position.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use core::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use super::file::{At, File, FileRef};
use super::node::Node;
use super::standard::STREAMS;
use super::{flags, flock};
use crate::errno::Errno;
use crate::sync::{Mutex, MutexGuard};

/// SEEK_* of the C library.
pub mod whence {
    /// From the start.
    pub const SET: i32 = 0;
    /// From the position.
    pub const CURRENT: i32 = 1;
    /// From the end.
    pub const END: i32 = 2;
    /// The next data.
    pub const DATA: i32 = 3;
    /// The next hole.
    pub const HOLE: i32 = 4;
}

/// How a whole file is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// With others.
    Shared,
    /// Alone.
    Exclusive,
}

/// An open file.
pub struct Description {
    file: FileRef,
    /// The directory it is, for names relative to it.
    node: Option<Arc<dyn Node>>,
    flags: AtomicI32,
    position: Mutex<u64>,
    /// It has, or had, a lock of flock's.
    locked: AtomicBool,
}

/// Somebody's hold of a description.
#[derive(Clone)]
pub enum Handle {
    /// A standard stream.
    Static(&'static Description),
    /// What was opened.
    Shared(Arc<Description>),
}

impl core::ops::Deref for Handle {
    type Target = Description;
    fn deref(&self) -> &Description {
        match self {
            Self::Static(description) => description,
            Self::Shared(description) => description,
        }
    }
}

/// The standard streams, open from the start.
static STANDARD: [Description; 3] =
    [Description::standard(0, 0), Description::standard(1, 1), Description::standard(2, 1)];

/// The standard stream `fd`.
pub fn standard(fd: usize) -> Option<Handle> {
    STANDARD.get(fd).map(Handle::Static)
}

impl Description {
    const fn standard(stream: usize, flags: i32) -> Self {
        Self {
            file: FileRef::Static(&STREAMS[stream]),
            node: None,
            flags: AtomicI32::new(flags),
            position: Mutex::new(0),
            locked: AtomicBool::new(false),
        }
    }

    /// Opens `file` with O_* flags.
    pub fn open(file: FileRef, node: Option<Arc<dyn Node>>, flags: i32) -> Handle {
        let kept = flags & (flags::ACCESS | flags::SETTABLE | flags::SEARCH | flags::DIRECTORY);
        let (flags, position, locked) = (AtomicI32::new(kept), Mutex::new(0), AtomicBool::new(false));
        Handle::Shared(Arc::new(Self { file, node, flags, position, locked }))
    }

    /// The file.
    pub fn file(&self) -> &(dyn File + 'static) {
        &*self.file
    }

    /// The node that it was opened by.
    pub fn node(&self) -> Option<&Arc<dyn Node>> {
        self.node.as_ref()
    }

    /// O_* flags.
    pub fn flags(&self) -> i32 {
        self.flags.load(Ordering::Relaxed)
    }

    /// Sets those of them that can be.
    pub fn set_flags(&self, flags: i32) {
        let change = |old| Some(old & !flags::SETTABLE | flags & flags::SETTABLE);
        // the closure always gives a value
        let _ = self.flags.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
    }

    fn waits(&self) -> bool {
        self.flags() & flags::NONBLOCK == 0
    }

    fn readable(&self) -> Result<&(dyn File + 'static), Errno> {
        if flags::reads(self.flags()) {
            Ok(self.file())
        } else {
            Err(Errno::BadDescriptor)
        }
    }

    fn writable(&self) -> Result<&(dyn File + 'static), Errno> {
        if flags::writes(self.flags()) {
            Ok(self.file())
        } else {
            Err(Errno::BadDescriptor)
        }
    }

    /// Reads at the position into one buffer after the other, until one is not filled.
    pub fn read(&self, buffers: &mut [&mut [u8]]) -> Result<usize, Errno> {
        let file = self.readable()?;
        if !file.has_positions() {
            // what has something does not wait for more
            let mut wait = self.waits();
            return each(buffers.iter_mut(), |bytes| {
                let len = file.read(0, bytes, wait)?;
                wait &= len == 0;
                Ok((len, len < bytes.len()))
            });
        }
        let mut position = self.position.lock();
        let done = read_at(file, *position, buffers)?;
        *position += done as u64;
        Ok(done)
    }

    /// Reads at `offset`.
    pub fn read_at(&self, offset: u64, buffers: &mut [&mut [u8]]) -> Result<usize, Errno> {
        let file = self.readable()?;
        if !file.has_positions() {
            return Err(Errno::NoSeek);
        }
        read_at(file, offset, buffers)
    }

    /// Writes at the position, or the end with O_APPEND, one buffer after the other until one is not written whole.
    pub fn write(&self, buffers: &[&[u8]]) -> Result<usize, Errno> {
        let file = self.writable()?;
        if !file.has_positions() {
            return each(buffers.iter(), |bytes| {
                let (len, _) = file.write(At::End, bytes, self.waits())?;
                Ok((len, len < bytes.len()))
            });
        }
        let mut position = self.position.lock();
        let (done, end) = self.write_from(file, *position, buffers)?;
        *position = end;
        Ok(done)
    }

    /// Writes at `offset`; with O_APPEND at the end all the same, as Linux does.
    pub fn write_at(&self, offset: u64, buffers: &[&[u8]]) -> Result<usize, Errno> {
        let file = self.writable()?;
        if !file.has_positions() {
            return Err(Errno::NoSeek);
        }
        self.write_from(file, offset, buffers).map(|(done, _)| done)
    }

    fn write_from(&self, file: &dyn File, offset: u64, buffers: &[&[u8]]) -> Result<(usize, u64), Errno> {
        let append = self.flags() & flags::APPEND != 0;
        let mut at = offset;
        let done = each(buffers.iter(), |bytes| {
            let (len, end) = file.write(if append { At::End } else { At::Offset(at) }, bytes, true)?;
            at = end;
            Ok((len, len < bytes.len()))
        })?;
        Ok((done, at))
    }

    /// Moves the position; gives the new one.
    pub fn seek(&self, offset: i64, from: i32) -> Result<u64, Errno> {
        if !self.file.has_positions() {
            return Err(Errno::NoSeek);
        }
        let mut position = self.position.lock();
        let base = match from {
            whence::SET => 0,
            whence::CURRENT => *position,
            whence::END => self.file.status()?.size,
            whence::DATA | whence::HOLE => {
                let start = u64::try_from(offset).map_err(|_| Errno::NoDeviceOrAddress)?;
                *position = self.file.find(start, from == whence::HOLE)?;
                return Ok(*position);
            }
            _ => return Err(Errno::Invalid),
        };
        let base = i64::try_from(base).map_err(|_| Errno::Overflow)?;
        let new = base.checked_add(offset).ok_or(Errno::Overflow)?;
        *position = u64::try_from(new).map_err(|_| Errno::Invalid)?;
        Ok(*position)
    }

    /// Bytes that could be read at once.
    pub fn unread(&self) -> Result<usize, Errno> {
        let unread = self.file.unread()?;
        let past = if self.file.has_positions() { *self.position.lock() as usize } else { 0 };
        Ok(unread.saturating_sub(past))
    }

    /// The position of a directory that is read, for as long as that takes.
    pub fn position(&self) -> MutexGuard<'_, u64> {
        self.position.lock()
    }

    fn owner(&self) -> usize {
        core::ptr::from_ref(self) as usize
    }

    /// Locks the whole file for this description, or gives the lock up.
    pub fn lock(&self, how: Option<Lock>, wait: bool) -> Result<(), Errno> {
        let Some(how) = how else {
            flock::unlock(self.owner());
            return Ok(());
        };
        let status = self.file.status()?;
        self.locked.store(true, Ordering::Relaxed);
        flock::lock((status.device, status.number), self.owner(), how == Lock::Exclusive, wait)
    }

    /// Cuts or lengthens.
    pub fn resize(&self, size: u64) -> Result<(), Errno> {
        if !flags::writes(self.flags()) {
            return Err(Errno::Invalid);
        }
        self.file.resize(size)
    }

    /// Takes memory for these bytes.
    pub fn allocate(&self, offset: u64, len: u64) -> Result<(), Errno> {
        let file = self.writable()?;
        if !file.has_positions() {
            return Err(Errno::NoSeek);
        }
        file.allocate(offset, len)
    }
}

impl Drop for Description {
    fn drop(&mut self) {
        if self.locked.load(Ordering::Relaxed) {
            flock::unlock(self.owner());
        }
    }
}

fn read_at(file: &dyn File, offset: u64, buffers: &mut [&mut [u8]]) -> Result<usize, Errno> {
    let mut at = offset;
    each(buffers.iter_mut(), |bytes| {
        let len = file.read(at, bytes, true)?;
        at += len as u64;
        Ok((len, len < bytes.len()))
    })
}

/// Does `one` for each buffer until it says that this was the last; an error counts only where nothing was done before it.
fn each<T>(
    buffers: impl Iterator<Item = T>,
    mut one: impl FnMut(T) -> Result<(usize, bool), Errno>,
) -> Result<usize, Errno> {
    let mut done = 0;
    for buffer in buffers {
        match one(buffer) {
            Ok((len, last)) => {
                done += len;
                if last {
                    break;
                }
            }
            Err(_) if done > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
