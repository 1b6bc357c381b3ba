//! This core's block (GS): the software interrupt flag, pending interrupts, and what the nub noted about a fault.
// SPDX-License-Identifier: BSD-3-Clause
use core::arch::asm;
use core::mem::offset_of;

use hermit_abi::core::CoreBlock;

/// Reads one field of this core's block.
macro_rules! read {
    ($field:ident) => {{
        let value: u64;
        // SAFETY: GS points at this core's block from the first ring-3 instruction on; one aligned load.
        unsafe { asm!("mov {}, gs:[{}]", out(reg) value, const offset_of!(CoreBlock, $field), options(nostack, preserves_flags)) };
        value
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
}

/// Number of this core, from 0.
pub fn core() -> u64 {
    read!(core)
}

/// The fault that the nub noted last.
pub fn fault() -> Fault {
    Fault {
        vector: read!(fault_vector),
        error: read!(fault_error),
        address: read!(fault_address),
        rip: read!(fault_rip),
        rflags: read!(fault_rflags),
    }
}

/// Stops upcalls: interrupts are only noted from here on.
pub fn mask() {
    // SAFETY: one store into this core's own block.
    unsafe { asm!("mov qword ptr gs:[{}], 1", const offset_of!(CoreBlock, mask), options(nostack, preserves_flags)) };
}

/// Allows upcalls again; what arrived meanwhile is done with (see `hermit_on_interrupt`).
pub fn unmask() {
    loop {
        // SAFETY: one store into this core's own block.
        unsafe {
            asm!("mov qword ptr gs:[{}], 0", const offset_of!(CoreBlock, mask), options(nostack, preserves_flags))
        };
        if read!(pending) == 0 {
            return;
        }
        mask();
        take_pending();
    }
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

/// The upcall's Rust half; upcall.S has saved the interrupted program. An interrupt only ends a wait so far, and who waits does so
/// masked and looks for what it waits for: one that arrives later has nothing left to do.
#[no_mangle]
extern "C" fn hermit_on_interrupt() {
    take_pending();
}
