//! The first ring-3 instruction, and the last one before the program.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_char, c_int};

use hermit_abi::boot::BootInfo;

use crate::memory::arguments::Arguments;

extern "C" {
    fn runtime_entry(argc: c_int, argv: *mut *mut c_char, env: *mut *mut c_char) -> !;
}

/// The nub's way into ring 3, on the main stack, interrupts masked.
#[no_mangle]
unsafe extern "C" fn hermit_main(info: *const BootInfo) -> ! {
    // SAFETY: the nub hands over the boot info's address as isle or early boot wrote it: complete, and never written again.
    crate::start::start(unsafe { &*info })
}

/// The same for each core above 0, on its idle stack.
#[no_mangle]
extern "C" fn hermit_secondary() -> ! {
    crate::start::secondary()
}

/// Hands over to the program's C side.
pub fn enter_program(arguments: &Arguments) -> ! {
    // SAFETY: stack, TLS and memory are set up, the arrays are NULL-terminated and stay; hermit/syscalls.h is the contract.
    unsafe { runtime_entry(arguments.count, arguments.argv, arguments.env) }
}

/// Unwind tables of `core` name it; nothing unwinds here.
#[no_mangle]
extern "C" fn rust_eh_personality() {}
