//! Windows: memory of the libOS's that programs see a second time, at addresses of their own. Files are mapped so.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use alloc::vec::Vec;

use hermit_abi::{Range, LARGE_PAGE, PAGE};

use super::{stacks, Rights, MEMORY};
use crate::arch::gate;
use crate::errno::Errno;
use crate::sync::{Mask, Mutex};
use crate::thread::cores;

/// Addresses that were a window's: they, and the page tables that serve them, are for others of that size.
static LOTS: Mutex<Vec<Range>> = Mutex::new(Vec::new());

/// Addresses, of which what was shown is mapped.
pub struct Window {
    range: Range,
    lot: Range,
}

impl Window {
    /// `len` addresses, whole pages, placed within a large page as `offset` is, so that large pages serve.
    pub fn new(len: u64, offset: u64) -> Result<Self, Errno> {
        let size = len.checked_add(2 * LARGE_PAGE).and_then(u64::checked_next_power_of_two).ok_or(Errno::NoMemory)?;
        let mut lots = LOTS.lock();
        let again = lots.iter().position(|lot| lot.len == size).map(|at| lots.swap_remove(at));
        drop(lots);
        let lot = again.map_or_else(|| stacks::lot(size), Ok)?;
        let start = lot.start.next_multiple_of(LARGE_PAGE) + offset % LARGE_PAGE;
        Ok(Self { range: Range::new(start, len), lot })
    }

    /// All of it.
    pub fn range(&self) -> Range {
        self.range
    }

    /// Shows `len` bytes of memory at `va` from address `at` on.
    pub fn show(&self, at: u64, va: u64, len: u64, rights: Rights) -> Result<(), Errno> {
        let memory = MEMORY.lock();
        for (piece, pa) in memory.regions.pieces(Range::new(va, len)) {
            let place = at + (piece.start - va);
            gate::map(place, pa, piece.len / PAGE, Rights::DATA.gate_flags())?;
            if rights != Rights::DATA {
                gate::protect(place, piece.len / PAGE, rights.gate_flags())?;
            }
        }
        Ok(())
    }
}

/// Is it an address of windows?
pub fn contains(va: u64) -> bool {
    va >= stacks::START
}

/// What may be done with data: no code is made of it.
pub fn check(rights: Rights) -> Result<(), Errno> {
    rights.allowed(false)
}

/// Takes what is shown at `range` away.
pub fn hide(range: Range) {
    let _mask = Mask::set();
    // a window's pages are nobody else's; those that show nothing stay so
    let _ = gate::map(range.start, 0, range.len / PAGE, 0);
    cores::shoot_down();
}

/// Changes the rights of what is shown at `range`.
pub fn protect(range: Range, rights: Rights) -> Result<(), Errno> {
    let _mask = Mask::set();
    let done = gate::protect(range.start, range.len / PAGE, rights.gate_flags());
    cores::shoot_down();
    done
}

impl Drop for Window {
    fn drop(&mut self) {
        let mut lots = LOTS.lock();
        if lots.try_reserve(1).is_ok() {
            lots.push(self.lot);
        }
    }
}
