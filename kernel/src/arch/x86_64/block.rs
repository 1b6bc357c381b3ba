//! This core's block (GS): the software interrupt flag, pending interrupts, the thread that runs here, and what the nub noted about a fault.
// SPDX-License-Identifier: BSD-3-Clause
use core::arch::asm;
use core::mem::offset_of;
use core::sync::atomic::{AtomicU64, Ordering};

use hermit_abi::core::CoreBlock;
use hermit_abi::layout::core_block_va;

use crate::signal;
use crate::thread::{schedule, Thread};

/// Reads one field of this core's block.
macro_rules! read {
    ($field:ident) => {{
        let value: u64;
        // SAFETY: GS points at this core's block from the first ring-3 instruction on; one aligned load.
        unsafe { asm!("mov {}, gs:[{}]", out(reg) value, const offset_of!(CoreBlock, $field), options(nostack, preserves_flags)) };
        value
    }};
}

/// Writes one field of this core's block.
macro_rules! write {
    ($field:ident, $value:expr) => {{
        let value: u64 = $value;
        // SAFETY: one store into this core's own block.
        unsafe { asm!("mov gs:[{}], {}", const offset_of!(CoreBlock, $field), in(reg) value, options(nostack, preserves_flags)) };
    }};
}

/// What the nub noted about the fault in hand.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// Exception vector.
    pub vector: u64,
    /// Its error code.
    pub error: u64,
    /// CR2, valid for a page fault.
    pub address: u64,
    /// Where it happened.
    pub rip: u64,
    /// rflags there.
    pub rflags: u64,
    /// True if upcalls were allowed there: then it is the program's or a system call's that holds no lock of the scheduler's.
    pub unmasked: bool,
}

/// Number of this core, from 0. Unmasked, the thread may be on another one right after.
pub fn core() -> u64 {
    read!(core)
}

/// The thread that calls; None in an idle context. It is the same on whichever core it runs.
pub fn thread() -> Option<&'static Thread> {
    let place = read!(thread) as *const Thread;
    // SAFETY: 0, or the address that `set_thread` stored: threads' slots are never given back.
    unsafe { place.as_ref() }
}

/// `thread` runs here from now on.
pub fn set_thread(thread: &'static Thread) {
    write!(thread, &raw const *thread as u64);
}

/// The idle context runs here from now on.
pub fn clear_thread() {
    write!(thread, 0);
}

/// Interrupts of what runs here use the stack that ends at `top`.
pub fn set_irq_stack(top: u64) {
    write!(irq_stack, top);
}

/// The fault that the nub noted last.
pub fn fault() -> Fault {
    Fault {
        vector: read!(fault_vector),
        error: read!(fault_error),
        address: read!(fault_address),
        rip: read!(fault_rip),
        rflags: read!(fault_rflags),
        unmasked: read!(fault_mask) == 0,
    }
}

/// Says where the next upcall goes back to. Interrupts are masked.
pub fn set_interrupted(rip: u64, rflags: u64, rsp: u64) {
    write!(irq_rip, rip);
    write!(irq_rflags, rflags);
    write!(irq_rsp, rsp);
}

/// True while upcalls are held off.
pub fn is_masked() -> bool {
    read!(mask) != 0
}

/// Stops upcalls: interrupts are only noted from here on.
#[inline(always)]
pub fn mask() {
    // SAFETY: one store into this core's own block.
    unsafe { asm!("mov qword ptr gs:[{}], 1", const offset_of!(CoreBlock, mask), options(nostack, preserves_flags)) };
}

/// Allows upcalls again, after handling what arrived meanwhile: another thread may run first, or a signal's handler.
#[inline(always)]
pub fn unmask() {
    allow();
    if read!(pending) != 0 {
        catch_up();
    }
}

#[inline(always)]
fn allow() {
    // SAFETY: one store into this core's own block.
    unsafe { asm!("mov qword ptr gs:[{}], 0", const offset_of!(CoreBlock, mask), options(nostack, preserves_flags)) };
}

#[cold]
fn catch_up() {
    while read!(pending) != 0 {
        mask();
        schedule::interrupted(take_pending());
        allow();
    }
    signal::pass();
}

/// The interrupts that arrived since the last call: bit n is vector `VECTOR_BASE + n`.
pub fn take_pending() -> u64 {
    let mut bits: u64 = 0;
    // SAFETY: one exchange with this core's own block; the nub sets bits by one instruction as well.
    unsafe {
        asm!("xchg {}, gs:[{}]", inout(reg) bits, const offset_of!(CoreBlock, pending), options(nostack, preserves_flags))
    };
    bits
}

/// Notes an interrupt by hand: it is handled when this core unmasks.
pub fn set_pending(bit: u8) {
    // SAFETY: one instruction on this core's own block.
    unsafe {
        asm!("or gs:[{}], {}", const offset_of!(CoreBlock, pending), in(reg) 1_u64 << bit, options(nostack));
    };
}

/// The upcall's Rust half; upcall.S has saved the interrupted program, and goes back to it when this thread runs again.
#[no_mangle]
extern "C" fn hermit_on_interrupt() {
    schedule::interrupted(take_pending());
}

/// Interrupts taken, and TLB shoot-downs answered, on core `n` so far.
pub fn counts(n: u64) -> (u64, u64) {
    let first = first_block();
    let read = |offset: usize| {
        // SAFETY: the blocks of all cores stay mapped; the nub counts in whole words.
        unsafe { AtomicU64::from_ptr((core_block_va(first, n) + offset as u64) as *mut u64) }.load(Ordering::Acquire)
    };
    (read(offset_of!(CoreBlock, irq_count)), read(offset_of!(CoreBlock, shootdowns)))
}

/// Address of core 0's block.
pub fn first_block() -> u64 {
    let block = read!(this);
    // SAFETY: `block` is one of the blocks, whose own number stands in it.
    let core = unsafe { *((block + offset_of!(CoreBlock, core) as u64) as *const u64) };
    block - core_block_va(0, core)
}
