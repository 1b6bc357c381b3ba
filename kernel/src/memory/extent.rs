//! Memory of files, behind a safe interface: what is in it may change while it is read, as it may be mapped in the program, too.
// SPDX-License-Identifier: BSD-3-Clause
use core::alloc::Layout;

use hermit_fs::content::Extent as Contract;
use hermit_fs::NoSpace;

use super::pool;

/// A piece of memory, a power of two long; whole pages are aligned to one.
pub struct Extent {
    va: u64,
    len: usize,
}

fn layout(len: usize) -> Result<Layout, NoSpace> {
    Layout::from_size_align(len, size_of::<u64>()).map_err(|_| NoSpace)
}

impl Extent {
    fn at(&self, at: usize, len: usize) -> *mut u8 {
        assert!(at.checked_add(len).is_some_and(|end| end <= self.len), "outside an extent");
        (self.va + at as u64) as *mut u8
    }

    /// Its address.
    pub fn va(&self) -> u64 {
        self.va
    }
}

impl Contract for Extent {
    fn take(len: usize) -> Result<Self, NoSpace> {
        let va = pool::take(layout(len)?).ok_or(NoSpace)?;
        Ok(Self { va, len })
    }

    fn size(&self) -> usize {
        self.len
    }

    fn read(&self, at: usize, bytes: &mut [u8]) {
        // SAFETY: `at` has checked the bounds; the memory is ours, and the program's buffer is not in it.
        unsafe { core::ptr::copy(self.at(at, bytes.len()), bytes.as_mut_ptr(), bytes.len()) };
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        // SAFETY: as in `read`; a mapping of the program's may be both ends of the copy.
        unsafe { core::ptr::copy(bytes.as_ptr(), self.at(at, bytes.len()), bytes.len()) };
    }

    fn zero(&mut self, at: usize, len: usize) {
        // SAFETY: `at` has checked the bounds; the memory is ours.
        unsafe { core::ptr::write_bytes(self.at(at, len), 0, len) };
    }
}

impl Drop for Extent {
    fn drop(&mut self) {
        if let Ok(layout) = layout(self.len) {
            pool::give(self.va, layout);
        }
    }
}
