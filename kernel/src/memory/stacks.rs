//! Memory of threads: the stack, and above it what the libOS keeps for the thread, mapped a second time in a window of addresses of their
//! own, where a guard below costs no memory.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use hermit_abi::layout::{round_up, STACKS_SHIFT};
use hermit_abi::{Range, LARGE_PAGE, PAGE};

use super::{Memory, Rights, MEMORY};
use crate::arch::gate;
use crate::errno::Errno;
use crate::sync::{Mask, Mutex};
use crate::thread::cores;

/// The window.
pub(super) const START: u64 = 1 << STACKS_SHIFT;
const END: u64 = 1 << 47;

/// The next address.
static NEXT: Mutex<u64> = Mutex::new(START);

/// A block: where it is, and the ordinary memory behind it.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    /// Addresses in the window.
    pub range: Range,
    /// First address of as much memory, mapped as all memory is.
    pub backing: u64,
}

impl Block {
    /// All but the `top_len` bytes at its end.
    pub fn stack(&self, top_len: u64) -> Range {
        Range::new(self.range.start, self.range.len - top_len)
    }
}

/// How a block is to be.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Bytes of stack.
    pub stack_len: u64,
    /// Bytes above it.
    pub top_len: u64,
    /// Bytes below that stay unmapped.
    pub guard_len: u64,
    /// What its end is a multiple of.
    pub align: u64,
}

impl Shape {
    fn len(&self) -> u64 {
        self.stack_len + self.top_len
    }

    fn page_align(&self) -> u64 {
        self.align.max(PAGE)
    }

    /// A large block is aligned as the memory behind it is, so that large pages serve.
    fn is_large(&self) -> bool {
        self.len() >= LARGE_PAGE && self.page_align() == PAGE
    }
}

/// Bytes of the lot that a block of this shape needs: a power of two, so that lots serve many shapes.
pub fn lot_len(shape: &Shape) -> u64 {
    let slack = if shape.is_large() { 2 * LARGE_PAGE } else { shape.page_align() };
    (shape.guard_len + shape.len() + slack).next_power_of_two()
}

/// `len` addresses for blocks. They are never given back, nor are the page tables that serve them, so they stay with a thread's slot and
/// serve blocks of that size alone: programs that change the size of their stacks all the time shall not use up either.
pub fn lot(len: u64) -> Result<Range, Errno> {
    let mut next = NEXT.lock();
    if END - *next < len {
        return Err(Errno::NoMemory);
    }
    *next += len;
    Ok(Range::new(*next - len, len))
}

/// Makes a block in `lot`. It may hold anything.
pub fn make(shape: &Shape, lot: Range) -> Result<Block, Errno> {
    let len = shape.len();
    let mut memory = MEMORY.lock();
    let backing = memory.map(None, len, Rights::DATA)?;
    let block = Block { range: place(shape, lot, backing), backing };
    memory.alias(&block).map(|()| block).inspect_err(|_| {
        unmap(block.range);
        memory.free(Range::new(backing, len));
    })
}

/// Where in its lot a block is.
fn place(shape: &Shape, lot: Range, backing: u64) -> Range {
    let first = lot.start + shape.guard_len;
    let end = match shape.is_large() {
        true => round_up(first, LARGE_PAGE) + backing % LARGE_PAGE + shape.len(),
        false => round_up(first + shape.len(), shape.page_align()),
    };
    Range::new(end - shape.len(), shape.len())
}

/// Gives a block's memory back to the program.
pub fn give_back(block: &Block) {
    unmap(block.range);
    MEMORY.lock().free(Range::new(block.backing, block.range.len));
}

fn unmap(range: Range) {
    let _mask = Mask::set();
    // The window's pages are nobody else's.
    let _ = gate::map(range.start, 0, range.len / PAGE, 0);
    cores::shoot_down();
}

impl Memory {
    /// Maps the block's memory in the window.
    fn alias(&self, block: &Block) -> Result<(), Errno> {
        for (piece, pa) in self.regions.pieces(Range::new(block.backing, block.range.len)) {
            let va = block.range.start + (piece.start - block.backing);
            gate::map(va, pa, piece.len / PAGE, self.stack_rights.gate_flags())?;
        }
        Ok(())
    }
}
