//! The request ring: one page of shared memory per core, drained by a polling host thread or by one exit.
//!
//! The guest posts into slot `tail % SLOTS`: fills it, stores POSTED (release), then increments `tail`. The host walks the slots in
//! order with a cursor of its own, copies a posted slot, sets TAKEN, checks and performs the copy, stores `result`, then DONE (release).
//! Requests are started in order; only blocking ones (a read from a terminal) complete later. The guest frees DONE slots.
// SPDX-License-Identifier: BSD-3-Clause
use core::sync::atomic::{AtomicI64, AtomicU32, AtomicU64};

/// Slots of one ring.
pub const SLOTS: usize = 32;

/// I/O port: `out` of the core's number (32 bit) makes the host drain that core's ring before the guest goes on.
pub const PORT_DOORBELL: u16 = 0x1880;
/// I/O port: the nub cannot go on (double fault, fault inside the nub); eax = vector. The host reads the registers itself.
pub const PORT_PANIC: u16 = 0x1884;

/// Slot state: the guest may fill it.
pub const FREE: u32 = 0;
/// Slot state: posted by the guest.
pub const POSTED: u32 = 1;
/// Slot state: copied by the host, in progress.
pub const TAKEN: u32 = 2;
/// Slot state: `result` is valid.
pub const DONE: u32 = 3;

/// Request: write `len` bytes at guest-physical `addr` to descriptor `fd`. Result: bytes written.
pub const OP_WRITE: u16 = 1;
/// Request: read at most `len` bytes into guest-physical `addr` from descriptor `fd`; may complete late. Result: bytes, 0 = end.
pub const OP_READ: u16 = 2;
/// Request: the guest ends with exit code `len` (0-255). Never completes.
pub const OP_EXIT: u16 = 3;
/// Request: a [`crate::fault::FaultRecord`] of `len` bytes at `addr`; the host prints its block. Ends the guest with the record's code.
pub const OP_FAULT: u16 = 4;

/// One request. 64 bytes.
#[repr(C, align(64))]
#[derive(Debug, Default)]
pub struct Slot {
    /// FREE, POSTED, TAKEN or DONE.
    pub state: AtomicU32,
    /// OP_*.
    pub op: u16,
    /// 0.
    pub flags: u16,
    /// Descriptor the request is about.
    pub fd: i32,
    /// 0.
    pub reserved: u32,
    /// Guest-physical address of the buffer.
    pub addr: u64,
    /// Bytes of the buffer, or the exit code.
    pub len: u64,
    /// File offset, where the operation has one.
    pub offset: u64,
    /// Bytes done, or a negative Linux errno.
    pub result: AtomicI64,
    /// For the guest's own use; the host never reads it.
    pub token: u64,
}

/// One core's ring: a page.
#[repr(C, align(4096))]
#[derive(Debug, Default)]
pub struct Ring {
    /// Requests posted so far (wraps). Written by the guest.
    pub tail: AtomicU32,
    /// Guest: 1 = inject VECTOR_DEVICE into this core when a slot becomes DONE, because it is about to halt.
    pub want_interrupt: AtomicU32,
    /// Padding to a cache line.
    pub pad0: [u32; 14],
    /// Host: 1 = an I/O thread looks at this ring within 10 ms; 0 = ring the doorbell after posting.
    pub host_awake: AtomicU32,
    /// Padding to a cache line.
    pub pad1: [u32; 15],
    /// The slots.
    pub slots: [Slot; SLOTS],
}

/// The page before the rings: what the host keeps telling all cores.
#[repr(C, align(4096))]
#[derive(Debug, Default)]
pub struct SharedPage {
    /// Add to `HostPart::realtime_ns`-based time: how far the host's realtime clock was stepped since boot, ns. Written by the host.
    pub realtime_step_ns: AtomicI64,
    /// Cost of one exit in ns, as measured by the host at start; 0 = unknown.
    pub exit_cost_ns: AtomicU64,
}
