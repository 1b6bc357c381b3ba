//! What ring 3 asks of the nub: waiting, the timer, other cores, page tables.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::core as abi;

use crate::errno::Errno;

extern "C" {
    fn hermit_gate(first: u64, second: u64, third: u64, fourth: u64, number: u64) -> i64;
}

fn call(number: u64, arguments: [u64; 4]) -> i64 {
    let [first, second, third, fourth] = arguments;
    // SAFETY: the nub checks every argument; a mapping it grants never covers its own pages, tables or text. What a mapping means to
    // Rust's references is up to memory/, the only caller of `map` and `protect` beside device set-up.
    unsafe { hermit_gate(first, second, third, fourth, number) }
}

/// Halts until an interrupt is pending.
pub fn wait() {
    call(abi::GATE_WAIT, [0; 4]);
}

/// Arms the timer for `ns` from now (at most 4.29 s); 0 turns it off.
pub fn timer(ns: u64) {
    call(abi::GATE_TIMER, [ns, 0, 0, 0]);
}

/// Sends vector `vector` to core `core`.
pub fn ipi(core: u64, vector: u8) {
    call(abi::GATE_IPI, [core, vector.into(), 0, 0]);
}

/// Makes this core forget what its TLB holds.
pub fn flush() {
    call(abi::GATE_FLUSH, [0; 4]);
}

/// Starts all other cores; for the qemu isle, once.
pub fn start_cores() {
    call(abi::GATE_START, [0; 4]);
}

/// What is left of the armed timer, in ns.
pub fn timer_count() -> u64 {
    call(abi::GATE_TIMER_COUNT, [0; 4]) as u64
}

/// Maps `pages` at `va` to `pa`; flags 0 unmaps.
pub fn map(va: u64, pa: u64, pages: u64, flags: u64) -> Result<(), Errno> {
    result(call(abi::GATE_MAP, [va, pa, pages, flags]))
}

/// Changes the rights of mapped pages.
pub fn protect(va: u64, pages: u64, flags: u64) -> Result<(), Errno> {
    result(call(abi::GATE_PROTECT, [va, 0, pages, flags]))
}

/// Leaves early boot's tables for those of the `NubShared` at `shared`; goes on at `hermit_main` on the main stack.
pub fn seal(shared: u64, rsp0: u64) -> ! {
    call(abi::GATE_SEAL, [shared, rsp0, 0, 0]);
    unreachable!("the nub refused the final tables")
}

fn result(code: i64) -> Result<(), Errno> {
    match code {
        0 => Ok(()),
        -2 => Err(Errno::NoMemory),
        _ => Err(Errno::Access),
    }
}
