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

/// The window: its addresses are used once, and there are enough for a stack of 8 MiB every microsecond for half a year.
const START: u64 = 1 << STACKS_SHIFT;
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

/// Makes `stack_len` bytes of stack with `top_len` bytes above, `guard_len` bytes below unmapped, the end a multiple of `align`. They may
/// hold anything.
pub fn make(stack_len: u64, top_len: u64, guard_len: u64, align: u64) -> Result<Block, Errno> {
    let len = stack_len + top_len;
    let mut memory = MEMORY.lock();
    let backing = memory.map(None, len, Rights::DATA)?;
    let done = place(len, guard_len, align, backing).and_then(|range| {
        let block = Block { range, backing };
        memory.alias(&block).map(|()| block).inspect_err(|_| unmap(range))
    });
    // What was just mapped can be unmapped.
    done.inspect_err(|_| {
        let _ = memory.unmap(Range::new(backing, len));
    })
}

/// Addresses for a block. A large one is aligned as the memory behind it is, so that large pages serve.
fn place(len: u64, guard_len: u64, align: u64, backing: u64) -> Result<Range, Errno> {
    let mut next = NEXT.lock();
    let align = align.max(PAGE);
    let end = if len >= LARGE_PAGE && align == PAGE {
        round_up(*next + guard_len, LARGE_PAGE) + backing % LARGE_PAGE + len
    } else {
        round_up(*next + guard_len + len, align)
    };
    if end > END {
        return Err(Errno::NoMemory);
    }
    *next = end;
    Ok(Range::new(end - len, len))
}

/// Gives a block's memory back to the program.
pub fn give_back(block: &Block) {
    unmap(block.range);
    // The block was mapped, so it can be unmapped.
    let _ = MEMORY.lock().unmap(Range::new(block.backing, block.range.len));
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
