//! I/O ports, which ring 3 reaches by the TSS's zero bitmap.
// SPDX-License-Identifier: BSD-3-Clause
use core::arch::asm;
use core::sync::atomic::{compiler_fence, Ordering};

use hermit_abi::ring::PORT_DOORBELL;

/// QEMU's isa-debug-exit, where proxy puts it: a byte written ends QEMU, and proxy takes it as the exit code.
const PORT_DEBUG_EXIT: u16 = 0x501;
/// COM1.
const PORT_SERIAL: u16 = 0x3f8;

/// Makes the host drain this core's ring before the guest goes on.
pub fn doorbell(core: u64) {
    compiler_fence(Ordering::SeqCst);
    // SAFETY: the host reads and writes only buffers that posted slots name, which belong to the requests.
    unsafe { asm!("out dx, eax", in("dx") PORT_DOORBELL, in("eax") core as u32, options(nostack, preserves_flags)) };
}

/// The last words of a kernel without a console: a line on the serial port, then QEMU's end with exit code `code`.
pub fn serial_exit(text: &str, code: u8) -> ! {
    for byte in text.bytes() {
        out_byte(PORT_SERIAL, byte);
    }
    out_byte(PORT_DEBUG_EXIT, code);
    loop {
        crate::arch::cpu::relax();
    }
}

fn out_byte(port: u16, byte: u8) {
    // SAFETY: both ports of this file do nothing to memory.
    unsafe { asm!("out dx, al", in("dx") port, in("al") byte, options(nomem, nostack, preserves_flags)) };
}
