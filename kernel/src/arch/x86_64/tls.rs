//! The main thread's thread-local storage: variant II, the image's PT_TLS below the thread control block that FS points at.
// SPDX-License-Identifier: BSD-3-Clause
use core::arch::asm;

use hermit_abi::layout::round_up;

use crate::memory::{self, Piece};

/// Bytes of a thread control block. gcc and libgo want fs:0 (own address), fs:0x28 (stack canary) and fs:0x70 (zero: split stacks off).
const CONTROL_BLOCK: u64 = 128;
const CANARY: u64 = 0x28;

extern "C" {
    static __ehdr_start: u8;
}

/// An ELF program header of type PT_TLS.
struct Template {
    start: u64,
    file_len: u64,
    memory_len: u64,
    align: u64,
}

/// Sets up the thread-local storage of the main thread, with `canary` as its stack canary.
pub fn init(canary: u64) {
    let template = template();
    let align = template.align.max(64);
    let block = memory::take_at_boot(round_up(template.memory_len, align) + CONTROL_BLOCK, align);
    let control = block.va + round_up(template.memory_len, align);
    let data = control - round_up(template.memory_len, template.align.max(1));
    // SAFETY: the template is part of the image, and the block is fresh, large enough and zero.
    unsafe {
        core::ptr::copy_nonoverlapping(template.start as *const u8, data as *mut u8, template.file_len as usize);
        *(control as *mut u64) = control;
        // The lowest byte stays 0: a string function that overruns then cannot write the right one.
        *((control + CANARY) as *mut u64) = canary & !0xff;
    }
    set_fs(control, &block);
}

fn set_fs(control: u64, _owner: &Piece) {
    // SAFETY: FS belongs to the libOS; nothing used it before.
    unsafe { asm!("wrfsbase {}", in(reg) control, options(nostack, preserves_flags)) };
}

fn template() -> Template {
    let header = &raw const __ehdr_start as u64;
    let word = |at: u64, len: usize| {
        let mut bytes = [0_u8; 8];
        // SAFETY: the linker's first segment begins with the ELF header and the program headers; the host checked them.
        unsafe { core::ptr::copy_nonoverlapping(at as *const u8, bytes.as_mut_ptr(), len) };
        u64::from_le_bytes(bytes)
    };
    // ELF64: e_phoff at 32, e_phnum at 56; program headers of 56 bytes: type, offset 16 vaddr, 32 filesz, 40 memsz, 48 align
    let table = header + word(header + 32, 8);
    const TLS: u64 = 7;
    (0..word(header + 56, 2))
        .map(|index| table + 56 * index)
        .find(|entry| word(*entry, 4) == TLS)
        .map(|entry| Template {
            start: word(entry + 16, 8),
            file_len: word(entry + 32, 8),
            memory_len: word(entry + 40, 8),
            align: word(entry + 48, 8),
        })
        .unwrap_or(Template { start: 0, file_len: 0, memory_len: 0, align: 1 })
}
