//! Thread-local storage: variant II, a copy of the image's PT_TLS below each thread's control block, which FS points at.
// SPDX-License-Identifier: BSD-3-Clause
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering};

use hermit_abi::layout::round_up;
use spin::Once;

use crate::memory;

/// Bytes of a thread control block. gcc and libgo want fs:0 (own address), fs:0x28 (stack canary) and fs:0x70 (zero: split stacks off).
const CONTROL_BLOCK: u64 = 128;
const CANARY: u64 = 0x28;
/// Least alignment of a control block.
const ALIGN: u64 = 64;

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

static TEMPLATE: Once<Template> = Once::new();
static CANARY_VALUE: AtomicU64 = AtomicU64::new(0);

/// Sets up the thread-local storage of the main thread, with `canary` as every thread's stack canary; gives the thread pointer.
pub fn init(canary: u64) -> u64 {
    // The lowest byte stays 0: a string function that overruns then cannot write the right one.
    CANARY_VALUE.store(canary & !0xff, Ordering::Relaxed);
    let block = memory::take_at_boot(len(), align());
    let control = make(block.va + block.len);
    // SAFETY: FS belongs to the libOS; nothing used it before.
    unsafe { asm!("wrfsbase {}", in(reg) control, options(nostack, preserves_flags)) };
    control
}

/// Bytes of a thread's storage with its control block.
pub fn len() -> u64 {
    round_up(data_len(), align()) + round_up(CONTROL_BLOCK, align())
}

/// What the storage's end must be a multiple of.
pub fn align() -> u64 {
    template().align.max(ALIGN)
}

fn data_len() -> u64 {
    round_up(template().memory_len, template().align.max(1))
}

/// Makes a thread's storage in the `len()` bytes below `end`, which may hold anything: variables as the image has them, and the control
/// block. Gives the thread pointer.
pub fn make(end: u64) -> u64 {
    let template = template();
    let control = end - round_up(CONTROL_BLOCK, align());
    let data = control - data_len();
    let (file, all) = (template.file_len as usize, data_len() as usize);
    // SAFETY: the template is part of the image; the block is nobody's, large enough, and stays as long as the thread.
    unsafe {
        core::ptr::copy_nonoverlapping(template.start as *const u8, data as *mut u8, file);
        core::ptr::write_bytes((data as *mut u8).add(file), 0, all - file + CONTROL_BLOCK as usize);
        *(control as *mut u64) = control;
        *((control + CANARY) as *mut u64) = CANARY_VALUE.load(Ordering::Relaxed);
    }
    control
}

fn template() -> &'static Template {
    TEMPLATE.call_once(find_template)
}

fn find_template() -> Template {
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
