//! The host's side of one request ring: copies a posted slot, then nothing of it can change any more.
// SPDX-License-Identifier: BSD-3-Clause
use std::mem::{offset_of, size_of};
use std::sync::atomic::{fence, Ordering};

use hermit_abi::layout::Plan;
use hermit_abi::ring::{Ring as Layout, SharedPage, Slot, DONE, POSTED, SLOTS, TAKEN};
use hermit_abi::PAGE;

use crate::bytes::{u16_at, u32_at, u64_at};
use crate::memory::Memory;

/// A copied request. Nothing in it is checked yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Number of its slot.
    pub slot: usize,
    /// OP_*.
    pub op: u16,
    /// Descriptor.
    pub fd: i32,
    /// Guest-physical address of the buffer.
    pub addr: u64,
    /// Bytes, or the exit code.
    pub len: u64,
}

/// Where one core's ring is.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    base: u64,
}

/// The host's cursor in one ring.
#[derive(Debug)]
pub struct Ring {
    place: Place,
    cursor: usize,
}

impl Place {
    /// The ring of core `core`.
    pub fn of(plan: &Plan, core: usize) -> Self {
        Self { base: plan.rings.start + PAGE * (1 + core as u64) }
    }

    /// Writes the result and gives the slot back. True if the guest asked for an interrupt because it is about to halt.
    pub fn complete(&self, memory: &Memory, slot: usize, result: i64) -> bool {
        let at = self.slot(slot);
        memory.store_u64(at + offset_of!(Slot, result) as u64, result as u64, Ordering::Relaxed);
        memory.store_u32(at + offset_of!(Slot, state) as u64, DONE, Ordering::Release);
        // The guest writes want_interrupt, then looks at the state: one of us sees the other.
        fence(Ordering::SeqCst);
        memory.load_u32(self.base + offset_of!(Layout, want_interrupt) as u64, Ordering::Relaxed) != 0
    }

    /// Tells the guest whether somebody looks at this ring within 10 ms. After a no, look once more.
    pub fn set_awake(&self, memory: &Memory, awake: bool) {
        memory.store_u32(self.base + offset_of!(Layout, host_awake) as u64, u32::from(awake), Ordering::Relaxed);
        fence(Ordering::SeqCst);
    }

    fn slot(&self, slot: usize) -> u64 {
        self.base + (offset_of!(Layout, slots) + slot * size_of::<Slot>()) as u64
    }
}

impl Ring {
    /// A ring of which nothing was taken yet.
    pub fn new(place: Place) -> Self {
        Self { place, cursor: 0 }
    }

    /// True if a request waits.
    pub fn posted(&self, memory: &Memory) -> bool {
        memory.load_u32(self.place.slot(self.cursor) + offset_of!(Slot, state) as u64, Ordering::Acquire) == POSTED
    }

    /// Copies the next request, if one waits.
    pub fn take(&mut self, memory: &Memory) -> Option<Request> {
        if !self.posted(memory) {
            return None;
        }
        let at = self.place.slot(self.cursor);
        let mut copy = [0; size_of::<Slot>()];
        if !memory.read(at, &mut copy) {
            return None;
        }
        memory.store_u32(at + offset_of!(Slot, state) as u64, TAKEN, Ordering::Release);
        let request = Request {
            slot: self.cursor,
            op: u16_at(&copy, offset_of!(Slot, op))?,
            fd: u32_at(&copy, offset_of!(Slot, fd))? as i32,
            addr: u64_at(&copy, offset_of!(Slot, addr))?,
            len: u64_at(&copy, offset_of!(Slot, len))?,
        };
        self.cursor = (self.cursor + 1) % SLOTS;
        Some(request)
    }
}

/// Tells all cores how far the host's clock was stepped since boot.
pub fn set_clock_step(memory: &Memory, plan: &Plan, step_ns: i64) {
    memory.store_u64(
        plan.rings.start + offset_of!(SharedPage, realtime_step_ns) as u64,
        step_ns as u64,
        Ordering::Release,
    );
}
