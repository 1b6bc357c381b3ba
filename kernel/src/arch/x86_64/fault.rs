//! The raw side of faults: what the upcall hands over, and reading memory that may not be there.
// SPDX-License-Identifier: BSD-3-Clause
use core::arch::asm;

use super::{block, gate, signal};
use crate::fault::{self, Context};

extern "C" {
    fn hermit_probe_copy(to: *mut u8, from: u64, len: usize) -> usize;
    fn hermit_syscall_trap();
}

/// Index of rcx among `FaultRecord::registers`.
const RCX: usize = 2;
/// Invalid opcode.
const VECTOR_UD: u64 = 6;

/// The fault upcall's Rust half, on the fault stack: `registers` as in a `FaultRecord`, `area` an XSAVE area. Comes back only if a
/// handler of the program's takes the fault: then the block says where an interrupt would have come.
#[no_mangle]
unsafe extern "C" fn hermit_on_fault(registers: *const [u64; 16], area: *const u8) {
    let noted = block::fault();
    // SAFETY: the upcall has just pushed them.
    let (registers, area) = unsafe { (*registers, signal::area(area)) };
    let mut context = Context { rip: noted.rip, rflags: noted.rflags, registers };
    // A host that ignores EFER.SCE takes `syscall` to our ud2; the program's place is in rcx then.
    let trap: unsafe extern "C" fn() = hermit_syscall_trap;
    if noted.vector == VECTOR_UD && noted.rip == trap as usize as u64 {
        context.rip = registers[RCX].wrapping_sub(2);
    }
    // Masked code is the scheduler's, or an upcall: a bug of ours.
    if !noted.unmasked || !crate::signal::fault(&describe(&noted, &context, area)) {
        fault::exception(noted.vector, noted.error, noted.address, &context);
    }
    block::set_interrupted(context.rip, context.rflags, context.rsp());
}

/// As a signal: number, si_code and si_addr.
fn describe(noted: &block::Fault, context: &Context, area: &[u8]) -> crate::signal::Fault {
    use crate::signal::{BUS, FPE, ILL, SEGV, TRAP};
    /// si_code: from the kernel, no address.
    const SI_KERNEL: i32 = 128;
    let at = context.rip;
    let (number, code, address) = match noted.vector {
        0 => (FPE, 1, at),                                         // FPE_INTDIV
        1 => (TRAP, 2, at),                                        // TRAP_TRACE
        3 => (TRAP, 1, at),                                        // TRAP_BRKPT
        6 => (ILL, 2, at),                                         // ILL_ILLOPN, as Linux has it
        14 => (SEGV, 1 + (noted.error & 1) as i32, noted.address), // SEGV_MAPERR, SEGV_ACCERR
        16 | 19 => (FPE, signal::float_code(area, noted.vector), at),
        17 => (BUS, 1, 0), // BUS_ADRALN
        _ => (SEGV, SI_KERNEL, 0),
    };
    crate::signal::Fault { number, code, address, vector: noted.vector, error: noted.error, cr2: noted.address }
}

/// Copies from `from` what can be read, at most all of `to`; gives the bytes copied. Only on the way to a fatal end.
pub fn probe(from: u64, to: &mut [u8]) -> usize {
    // SAFETY: a fault while reading ends the copy; `to` is ours.
    unsafe { hermit_probe_copy(to.as_mut_ptr(), from, to.len()) }
}

/// Where the caller is, for a record that has no exception to tell: rip and rsp, and what a debugger needs to walk up from there.
#[inline(always)]
pub fn here() -> Context {
    let mut registers = [0_u64; 16];
    let rip: u64;
    // SAFETY: writes the array of 16 registers that rax points at, and nothing else.
    unsafe {
        asm!(
            "mov [rax + 8], rbx",
            "mov [rax + 48], rbp",
            "mov [rax + 56], rsp",
            "mov [rax + 96], r12",
            "mov [rax + 104], r13",
            "mov [rax + 112], r14",
            "mov [rax + 120], r15",
            "lea rcx, [rip]",
            in("rax") registers.as_mut_ptr(),
            out("rcx") rip,
            options(nostack, preserves_flags)
        );
    }
    Context { rip, rflags: 0, registers }
}

/// Waits for the end that somebody else is about to make. A bug on the way there is a second fault, which the nub answers.
pub fn rest() -> ! {
    loop {
        block::take_pending();
        gate::wait();
    }
}

/// Ends everything where no console exists yet: a second fault, which the nub answers itself.
pub fn give_up() -> ! {
    // SAFETY: an invalid instruction; with a fault active already the nub stops the guest.
    unsafe {
        asm!("mov qword ptr gs:[{}], 1", "ud2", const core::mem::offset_of!(hermit_abi::core::CoreBlock, fault_active),
             options(noreturn))
    }
}
