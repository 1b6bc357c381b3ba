//! The descriptor table. Each descriptor has a lock of its own, held for a few instructions; which are taken stands in bits beside.
// SPDX-License-Identifier: BSD-3-Clause
use core::sync::atomic::{AtomicU64, Ordering};

use super::description::{self, Handle};
use crate::errno::Errno;
use crate::sync::Masked;

/// Descriptors: OPEN_MAX of limits.h.
pub const MOST: usize = 1024;
const WORDS: usize = MOST / 64;

/// What a descriptor stands for. The first variant is all zeros, so that a table of them is no part of the image.
#[repr(u32)]
enum Slot {
    /// Nothing or, if it is open, the standard stream of its number.
    Initial = 0,
    Open(Handle) = 1,
}

static OPEN: [Masked<Slot>; MOST] = [const { Masked::new(Slot::Initial) }; MOST];
/// Descriptors that are taken, though perhaps not open yet.
static TAKEN: [AtomicU64; WORDS] = {
    let mut words = [const { AtomicU64::new(0) }; WORDS];
    words[0] = AtomicU64::new(STANDARD);
    words
};
/// Descriptors that are open.
static READY: [AtomicU64; WORDS] = {
    let mut words = [const { AtomicU64::new(0) }; WORDS];
    words[0] = AtomicU64::new(STANDARD);
    words
};
/// FD_CLOEXEC.
static CLOEXEC: [AtomicU64; WORDS] = [const { AtomicU64::new(0) }; WORDS];

/// The bits of 0, 1 and 2.
const STANDARD: u64 = 7;

fn set(words: &[AtomicU64; WORDS], fd: usize, on: bool) {
    let bit = 1 << (fd % 64);
    if on {
        words[fd / 64].fetch_or(bit, Ordering::SeqCst);
    } else {
        words[fd / 64].fetch_and(!bit, Ordering::SeqCst);
    }
}

fn is_set(words: &[AtomicU64; WORDS], fd: usize) -> bool {
    words[fd / 64].load(Ordering::SeqCst) & 1 << (fd % 64) != 0
}

fn index(fd: i32) -> Result<usize, Errno> {
    usize::try_from(fd).ok().filter(|fd| *fd < MOST).ok_or(Errno::BadDescriptor)
}

/// What is open as `fd`.
pub fn get(fd: i32) -> Result<Handle, Errno> {
    let fd = index(fd)?;
    let slot = OPEN[fd].lock();
    if !is_set(&READY, fd) {
        return Err(Errno::BadDescriptor);
    }
    match &*slot {
        Slot::Open(handle) => Ok(handle.clone()),
        Slot::Initial => description::standard(fd).ok_or(Errno::BadDescriptor),
    }
}

/// Takes the lowest free descriptor from `least` on.
fn take(least: usize) -> Result<usize, Errno> {
    for (word, bits) in TAKEN.iter().enumerate().skip(least / 64) {
        let below = if word == least / 64 { (1 << (least % 64)) - 1 } else { 0 };
        let mut seen = bits.load(Ordering::SeqCst);
        while seen | below != u64::MAX {
            let bit = (seen | below).trailing_ones();
            match bits.compare_exchange(seen, seen | 1 << bit, Ordering::SeqCst, Ordering::SeqCst) {
                Ok(_) => return Ok(word * 64 + bit as usize),
                Err(now) => seen = now,
            }
        }
    }
    Err(Errno::TooManyOpen)
}

fn put(fd: usize, handle: Handle, cloexec: bool) -> Slot {
    let mut slot = OPEN[fd].lock();
    set(&TAKEN, fd, true);
    let before = core::mem::replace(&mut *slot, Slot::Open(handle));
    set(&CLOEXEC, fd, cloexec);
    set(&READY, fd, true);
    before
}

/// A descriptor that is taken for a file which is about to be opened; it is free again if nothing comes of it.
pub struct Place(Option<usize>);

impl Place {
    /// Takes the lowest that is free.
    pub fn new() -> Result<Self, Errno> {
        take(0).map(|fd| Self(Some(fd)))
    }

    /// Opens it.
    pub fn fill(mut self, handle: Handle, cloexec: bool) -> i32 {
        let fd = self.0.take().unwrap_or(0);
        // it was free: there is nothing before
        drop(put(fd, handle, cloexec));
        fd as i32
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(fd) = self.0 {
            set(&TAKEN, fd, false);
        }
    }
}

/// Opens the lowest free descriptor from `least` on.
pub fn install(least: i32, handle: Handle, cloexec: bool) -> Result<i32, Errno> {
    let least = usize::try_from(least).ok().filter(|least| *least < MOST).ok_or(Errno::Invalid)?;
    let fd = take(least)?;
    drop(put(fd, handle, cloexec));
    Ok(fd as i32)
}

/// Opens `fd` in the place of what it was.
pub fn replace(fd: i32, handle: Handle, cloexec: bool) -> Result<(), Errno> {
    let fd = index(fd)?;
    // what was open ends here, without the lock
    drop(put(fd, handle, cloexec));
    Ok(())
}

/// Closes `fd`.
pub fn close(fd: i32) -> Result<(), Errno> {
    let fd = index(fd)?;
    let before = {
        let mut slot = OPEN[fd].lock();
        if !is_set(&READY, fd) {
            return Err(Errno::BadDescriptor);
        }
        set(&READY, fd, false);
        set(&TAKEN, fd, false);
        core::mem::replace(&mut *slot, Slot::Initial)
    };
    drop(before);
    Ok(())
}

/// Is FD_CLOEXEC set?
pub fn cloexec(fd: i32) -> Result<bool, Errno> {
    get(fd)?;
    Ok(is_set(&CLOEXEC, index(fd)?))
}

/// Sets it.
pub fn set_cloexec(fd: i32, on: bool) -> Result<(), Errno> {
    get(fd)?;
    set(&CLOEXEC, index(fd)?, on);
    Ok(())
}
