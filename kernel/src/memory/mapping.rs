//! mmap, munmap and mprotect over the regions: rights are checked here and, without trust, again in the nub.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::core::{MAP_EXEC, MAP_READ, MAP_WRITE};
use hermit_abi::layout::round_up;
use hermit_abi::{Range, LARGE_PAGE, PAGE};

use super::areas::Kind;
use super::{page_range, Memory};
use crate::arch::gate;
use crate::errno::Errno;
use crate::sync::Mask;
use crate::thread::cores;

/// What may be done with memory; PROT_* of sys/mman.h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights(u64);

const PROT_READ: i32 = 1;
const PROT_WRITE: i32 = 2;
const PROT_EXEC: i32 = 4;

impl Rights {
    /// None, all zeros: what begins so is no part of the image.
    pub const NONE: Self = Self(0);

    /// Readable and writable: how all memory is at first.
    pub const DATA: Self = Self(MAP_READ | MAP_WRITE);

    /// The same and executable: stacks of an image whose nested functions have their entries there.
    pub const EXECUTABLE_STACK: Self = Self(MAP_READ | MAP_WRITE | MAP_EXEC);

    /// From PROT_* bits.
    pub fn new(prot: i32) -> Result<Self, Errno> {
        if prot & !(PROT_READ | PROT_WRITE | PROT_EXEC) != 0 {
            return Err(Errno::Invalid);
        }
        let bit = |prot_bit, map_bit| if prot & prot_bit != 0 { map_bit } else { 0 };
        Ok(Self(bit(PROT_READ, MAP_READ) | bit(PROT_WRITE, MAP_WRITE) | bit(PROT_EXEC, MAP_EXEC)))
    }

    /// As the gates want them.
    pub fn gate_flags(self) -> u64 {
        self.0
    }

    /// Never writable and executable; executable only where the image was built to make code.
    pub(super) fn allowed(self, jit: bool) -> Result<(), Errno> {
        let exec = self.0 & MAP_EXEC != 0;
        if exec && (self.0 & MAP_WRITE != 0 || !jit) {
            return Err(Errno::Access);
        }
        Ok(())
    }
}

impl Memory {
    pub(super) fn map(&mut self, fixed: Option<u64>, len: u64, rights: Rights) -> Result<u64, Errno> {
        rights.allowed(self.jit)?;
        let range = match fixed {
            Some(va) => {
                let range = page_range(va, len)?;
                self.check_mappable(range)?;
                self.unmap(range)?;
                range
            }
            // lengths of which there are no pages are too much memory, no bad argument
            None => self.find(page_range(0, len.min(i64::MAX as u64))?.len)?,
        };
        self.claim(range)?;
        if rights != Rights::DATA {
            let _mask = Mask::set();
            gate::protect(range.start, range.len / PAGE, rights.gate_flags())?;
            cores::shoot_down();
        }
        Ok(range.start)
    }

    fn find(&self, len: u64) -> Result<Range, Errno> {
        self.find_aligned(len, if len >= LARGE_PAGE { &[LARGE_PAGE, PAGE] } else { &[PAGE] })
    }

    /// The highest free place: side regions first, so that the main one stays whole for the heap. The first of `aligns` that there is one
    /// for.
    fn find_aligned(&self, len: u64, aligns: &[u64]) -> Result<Range, Errno> {
        let main = self.regions.main();
        let heap_top = self.heap.top();
        let above_heap = Range::new(heap_top, main.end().saturating_sub(heap_top));
        for align in aligns {
            let side = self.regions.spans().skip(1);
            let place = side.chain([above_heap]).find_map(|span| self.areas.highest_gap(span, len, *align));
            if let Some(start) = place {
                return Ok(Range::new(start, len));
            }
        }
        Err(Errno::NoMemory)
    }

    /// Takes `len` bytes at a multiple of `align` for the libOS's own use.
    pub(super) fn take(&mut self, len: u64, align: u64) -> Result<u64, Errno> {
        let range = self.find_aligned(len, &[align])?;
        self.claim(range).map(|()| range.start)
    }

    /// Hands out `range`, zero and writable; the heap may have been there before.
    fn claim(&mut self, range: Range) -> Result<(), Errno> {
        self.areas.check_room(range, Some(Kind::Used))?;
        self.restore(range)?;
        self.heap.refresh(range)?;
        self.areas.set(range, Some(Kind::Used))
    }

    /// Maps and zeroes what was given back of `range`.
    pub(super) fn restore(&mut self, range: Range) -> Result<(), Errno> {
        let mut at = range.start;
        while let Some(part) = self.areas.parts(Range::new(at, range.end() - at), Kind::Returned).next() {
            for (piece, pa) in self.regions.pieces(part) {
                gate::map(piece.start, pa, piece.len / PAGE, Rights::DATA.gate_flags())?;
            }
            // SAFETY: just mapped again, and nobody's: whoever had it gave it back.
            unsafe { core::ptr::write_bytes(part.start as *mut u8, 0, part.len as usize) };
            at = part.end();
            if at >= range.end() {
                break;
            }
        }
        Ok(())
    }

    /// Takes back `range`, which `map` has given for the libOS's own use, mapped as it is: no large page is split for it.
    pub(super) fn free(&mut self, range: Range) {
        // SAFETY: mapped and writable since `map`, and nobody's any more.
        unsafe { core::ptr::write_bytes(range.start as *mut u8, 0, range.len as usize) };
        // Where the list of areas is full it stays handed out.
        let _ = self.areas.set(range, None);
    }

    /// Takes back what is handed out of `range`. The nub unmaps; frames stay ours.
    pub(super) fn unmap(&mut self, range: Range) -> Result<(), Errno> {
        self.check_mappable(range)?;
        let mut at = range.start;
        while at < range.end() {
            let Some(part) = self.areas.parts(Range::new(at, range.end() - at), Kind::Used).next() else { break };
            self.areas.check_room(part, Some(Kind::Returned))?;
            let mask = Mask::set();
            gate::map(part.start, 0, part.len / PAGE, 0)?;
            cores::shoot_down();
            drop(mask);
            self.areas.set(part, Some(Kind::Returned))?;
            at = part.end();
        }
        Ok(())
    }

    /// Is `range` memory that mappings are made of?
    fn check_mappable(&self, range: Range) -> Result<(), Errno> {
        let inside = self.regions.spans().any(|span| span.contains(&range));
        let heap = Range::new(self.regions.main().start, self.heap.used(self.regions.main().start));
        if inside && !heap.overlaps(&range) {
            Ok(())
        } else {
            Err(Errno::Invalid)
        }
    }

    pub(super) fn protect(&mut self, range: Range, rights: Rights) -> Result<(), Errno> {
        rights.allowed(self.jit)?;
        let heap_start = round_up(self.heap.start(), PAGE);
        let in_heap = Range::new(heap_start, self.heap.top().saturating_sub(heap_start)).contains(&range);
        let in_stack = self.stack.contains(&range);
        let in_image = self.image.contains(&range);
        let mapped = self.areas.parts(range, Kind::Used).map(|part| part.len).sum::<u64>() == range.len;
        if self.nub.overlaps(&range) || !(in_heap || in_stack || in_image || mapped) {
            return Err(Errno::NoMemory);
        }
        if in_heap {
            self.heap.note_protection();
        }
        let _mask = Mask::set();
        let done = gate::protect(range.start, range.len / PAGE, rights.gate_flags());
        cores::shoot_down();
        done
    }
}
