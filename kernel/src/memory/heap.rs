//! The heap: from the end of the main stack upwards, by sbrk. Its pages are mapped from the start.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::layout::round_up;
use hermit_abi::{Range, PAGE};

use super::Rights;
use crate::arch::gate;
use crate::errno::Errno;
use crate::sync::Mask;
use crate::thread::cores;

/// The program break and its bounds.
pub struct Heap {
    /// Lowest break: after what the libOS took at boot.
    start: u64,
    /// The break.
    end: u64,
    /// The highest break so far: above it memory is zero still.
    touched: u64,
    /// End of the memory.
    limit: u64,
    /// The program changed rights inside the heap: memory that comes back needs its own again.
    protected: bool,
}

impl Heap {
    /// No heap.
    pub const fn none() -> Self {
        Self { start: 0, end: 0, touched: 0, limit: 0, protected: false }
    }

    /// An empty heap from `start`, with `limit` as the end of memory.
    pub fn new(start: u64, limit: u64) -> Self {
        Self { start, end: start, touched: start, limit, protected: false }
    }

    /// Takes memory for good; only before `seal`.
    pub fn take(&mut self, len: u64, align: u64) -> Option<u64> {
        let start = round_up(self.end, align);
        let end = start.checked_add(len).filter(|end| *end <= self.limit)?;
        self.end = end;
        Some(start)
    }

    /// What was taken until now stays taken.
    pub fn seal(&mut self) {
        self.end = round_up(self.end, 64);
        self.start = self.end;
        self.touched = self.end;
    }

    /// The break, rounded up to a page: mappings begin above.
    pub fn top(&self) -> u64 {
        round_up(self.end, PAGE)
    }

    /// The lowest address whose rights the program may change.
    pub fn start(&self) -> u64 {
        self.start
    }

    /// The program changed rights inside the heap.
    pub fn note_protection(&mut self) {
        self.protected = true;
    }

    /// Bytes in use from `bottom`, where the memory begins, to the break.
    pub fn used(&self, bottom: u64) -> u64 {
        self.top() - bottom
    }

    /// The break.
    pub fn end(&self) -> u64 {
        self.end
    }

    /// Where a move by `increment` takes the break: up to `ceiling`, the lowest mapping, at most.
    pub fn moved(&self, increment: i64, ceiling: Option<u64>) -> Result<u64, Errno> {
        let limit = ceiling.unwrap_or(self.limit);
        let new = self.end.checked_add_signed(increment).filter(|new| *new <= limit).ok_or(Errno::NoMemory)?;
        if new < self.start {
            return Err(Errno::Invalid);
        }
        Ok(new)
    }

    /// Moves the break to `end`, which `moved` gave.
    pub fn move_to(&mut self, end: u64) {
        self.end = end;
        self.touched = self.touched.max(end);
    }

    /// Zeroes what of `range` was the heap's before, and makes it writable again. All of it is mapped, above the break,
    /// and nobody's.
    pub fn refresh(&self, range: Range) -> Result<(), Errno> {
        let (start, end) = (range.start, range.end().min(self.touched));
        if start >= end {
            return Ok(());
        }
        if self.protected {
            let first = start & !(PAGE - 1);
            let _mask = Mask::set();
            gate::protect(first, (round_up(end, PAGE) - first) / PAGE, Rights::DATA.gate_flags())?;
            cores::shoot_down();
        }
        // SAFETY: mapped memory that nobody has, by the contract above; `Memory` calls with its lock held.
        unsafe { core::ptr::write_bytes(start as *mut u8, 0, (end - start) as usize) };
        Ok(())
    }
}
