//! A split virtqueue (virtio 1.1, 2.6) of a virtio-mmio device, over memory that the device sees.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{fence, Ordering};

use crate::memory::device::Registers;
use crate::memory::shared::Buffer;

/// Entries of a queue.
pub const ENTRIES: u16 = 16;

const QUEUE_SELECT: u64 = 0x30;
const QUEUE_NUMBER: u64 = 0x38;
const QUEUE_READY: u64 = 0x44;
const QUEUE_NOTIFY: u64 = 0x50;
const QUEUE_DESCRIPTORS: u64 = 0x80;
const QUEUE_AVAILABLE: u64 = 0x90;
const QUEUE_USED: u64 = 0xa0;

/// Offsets inside the queue's memory: 16 bytes a descriptor; flags, index and 16 entries of 2 bytes; flags, index, entries of 8 bytes.
const AVAILABLE: usize = 16 * ENTRIES as usize;
const USED: usize = AVAILABLE + 64;
const BYTES: u64 = USED as u64 + 4 + 8 * ENTRIES as u64;

/// Descriptor flag: the device writes.
const WRITE: u16 = 2;
/// Flag of the available ring: no interrupts, we poll.
const NO_INTERRUPT: u16 = 1;

/// A queue and where we are in it.
pub struct Queue {
    number: u32,
    memory: Buffer,
    /// Buffers made available so far (wraps).
    available: u16,
    /// Used buffers seen so far (wraps).
    used: u16,
}

impl Queue {
    /// Sets up queue `number` of the device.
    pub fn new(device: &Registers, number: u32) -> Self {
        let mut memory = Buffer::new(BYTES, 64);
        memory.put_value(AVAILABLE, NO_INTERRUPT);
        device.write(QUEUE_SELECT, number);
        device.write(QUEUE_NUMBER, u32::from(ENTRIES));
        for (register, offset) in [(QUEUE_DESCRIPTORS, 0), (QUEUE_AVAILABLE, AVAILABLE), (QUEUE_USED, USED)] {
            let pa = memory.pa(offset);
            device.write(register, pa as u32);
            // The upper halves are 0 after reset; each write is an exit.
            if pa >> 32 != 0 {
                device.write(register + 4, (pa >> 32) as u32);
            }
        }
        device.write(QUEUE_READY, 1);
        Self { number, memory, available: 0, used: 0 }
    }

    /// Makes `len` bytes at guest-physical `pa` available as descriptor `slot`, for the device to write or to read.
    pub fn offer(&mut self, slot: u16, pa: u64, len: u32, device_writes: bool) {
        let at = 16 * usize::from(slot % ENTRIES);
        self.memory.put_value(at, pa);
        self.memory.put_value(at + 8, len);
        self.memory.put_value(at + 12, if device_writes { WRITE } else { 0_u16 });
        self.memory.put_value(AVAILABLE + 4 + 2 * usize::from(self.available % ENTRIES), slot % ENTRIES);
        fence(Ordering::SeqCst);
        self.available = self.available.wrapping_add(1);
        self.memory.put_value(AVAILABLE + 2, self.available);
        fence(Ordering::SeqCst);
    }

    /// Tells the device to look.
    pub fn notify(&self, device: &Registers) {
        device.write(QUEUE_NOTIFY, self.number);
    }

    /// True if the device has given a buffer back.
    pub fn has_used(&self) -> bool {
        self.memory.read_u16(USED + 2) != self.used
    }

    /// True if the device has given all buffers back.
    pub fn is_idle(&self) -> bool {
        self.memory.read_u16(USED + 2) == self.available
    }

    /// The next buffer that the device gave back: its descriptor and the bytes written.
    pub fn take_used(&mut self) -> Option<(u16, usize)> {
        if !self.has_used() {
            return None;
        }
        fence(Ordering::SeqCst);
        let at = USED + 4 + 8 * usize::from(self.used % ENTRIES);
        self.used = self.used.wrapping_add(1);
        Some((self.memory.read_u32(at) as u16, self.memory.read_u32(at + 4) as usize))
    }
}
