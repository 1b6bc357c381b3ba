//! argv and environ: the boot info's strings as C wants them, writable and in memory of the program's own.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_char, c_int};

use hermit_abi::boot::BootInfo;

use super::take_at_boot;

/// What the program's C side is entered with.
pub struct Arguments {
    /// Entries of `argv` before its NULL.
    pub count: c_int,
    /// Arguments, then NULL.
    pub argv: *mut *mut c_char,
    /// Environment, then NULL.
    pub env: *mut *mut c_char,
}

/// Copies the strings and makes the two arrays.
pub fn collect(info: &BootInfo) -> Arguments {
    let (argc, envc) = (info.host.argc as usize, info.host.envc as usize);
    let pointers = 8 * (argc + envc + 2) as u64;
    let block = take_at_boot(pointers + info.host.strings_len, 16);
    let strings = block.va + pointers;
    let table = block.va as *mut u64;
    let mut next = strings;
    // SAFETY: the block is fresh and holds both; the boot info's strings are as many and as long as it says, each with its NUL.
    unsafe {
        core::ptr::copy_nonoverlapping(
            info.strings_va as *const u8,
            strings as *mut u8,
            info.host.strings_len as usize,
        );
        for index in 0..argc + envc {
            // one NULL after argv
            let slot = index + usize::from(index >= argc);
            *table.add(slot) = next;
            while *(next as *const u8) != 0 {
                next += 1;
            }
            next += 1;
        }
        Arguments { count: argc as c_int, argv: table.cast(), env: table.add(argc + 1).cast() }
    }
}
