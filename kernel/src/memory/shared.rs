//! Memory that the host sees too, behind safe interfaces: buffers, the request ring, the shared page.
// SPDX-License-Identifier: BSD-3-Clause
use core::mem::size_of;
use core::sync::atomic::{fence, AtomicI64, Ordering};

use hermit_abi::boot::BootInfo;
use hermit_abi::ring::{Ring, SharedPage, DONE, FREE, POSTED, SLOTS};
use hermit_abi::PAGE;

use super::{take_at_boot, Piece};

/// A buffer of the libOS's own that the host reads or writes. All accesses are volatile copies: what the host does to it meanwhile is
/// seen or not, but never undefined.
pub struct Buffer(Piece);

impl Buffer {
    /// A zero buffer of `len` bytes; only at boot.
    pub fn new(len: u64, align: u64) -> Self {
        Self(take_at_boot(len, align))
    }

    /// Guest-physical address of byte `at`.
    pub fn pa(&self, at: usize) -> u64 {
        self.0.pa + at as u64
    }

    /// Bytes.
    pub fn len(&self) -> usize {
        self.0.len as usize
    }

    fn at(&self, at: usize, len: usize) -> *mut u8 {
        assert!(at.checked_add(len).is_some_and(|end| end <= self.len()), "outside a shared buffer");
        (self.0.va + at as u64) as *mut u8
    }

    /// Copies `bytes` to `at`.
    pub fn put(&mut self, at: usize, bytes: &[u8]) {
        // SAFETY: `at` has checked the bounds; the piece is ours for good.
        unsafe { core::ptr::copy_nonoverlapping(bytes.as_ptr(), self.at(at, bytes.len()), bytes.len()) };
        fence(Ordering::Release);
    }

    /// Copies from `at`.
    pub fn get(&self, at: usize, bytes: &mut [u8]) {
        fence(Ordering::Acquire);
        // SAFETY: as in `put`.
        unsafe { core::ptr::copy_nonoverlapping(self.at(at, bytes.len()), bytes.as_mut_ptr(), bytes.len()) };
    }

    /// Writes a plain value at `at`.
    pub fn put_value<T: Copy>(&mut self, at: usize, value: T) {
        // SAFETY: bounds as in `put`; unaligned is allowed.
        unsafe { self.at(at, size_of::<T>()).cast::<T>().write_unaligned(value) };
    }

    /// Lets `fill` write into the buffer from `at` on, at most `len` bytes.
    pub fn fill(&mut self, at: usize, len: usize, fill: impl FnOnce(&mut [u8]) -> usize) -> usize {
        // SAFETY: bounds as in `put`; the host reads the buffer only after a request that names it.
        fill(unsafe { core::slice::from_raw_parts_mut(self.at(at, len), len) })
    }

    /// Reads a 16-bit number at `at`, as a device may just have written it.
    pub fn read_u16(&self, at: usize) -> u16 {
        // SAFETY: bounds as in `put`; callers' offsets are even, and an unaligned volatile read is split at worst.
        unsafe { self.at(at, 2).cast::<u16>().read_volatile() }
    }

    /// Reads a 32-bit number at `at`, as a device may just have written it.
    pub fn read_u32(&self, at: usize) -> u32 {
        // SAFETY: as in `read_u16`.
        unsafe { self.at(at, 4).cast::<u32>().read_volatile() }
    }
}

/// A request for the host.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// OP_*.
    pub op: u16,
    /// Descriptor.
    pub fd: i32,
    /// Guest-physical address of the buffer.
    pub pa: u64,
    /// Its bytes, or the exit code.
    pub len: u64,
    /// For the caller's own use when the request is done.
    pub token: u64,
}

/// This core's request ring.
pub struct RequestRing {
    ring: *mut Ring,
    tail: u32,
}

// SAFETY: the ring is at a fixed address for good; its owner is the console's lock.
unsafe impl Send for RequestRing {}

impl RequestRing {
    /// The ring of core `core`.
    pub fn new(info: &BootInfo, core: u64) -> Self {
        Self { ring: (info.rings_va + PAGE * (1 + core)) as *mut Ring, tail: 0 }
    }

    fn slot(&self, index: u32) -> &hermit_abi::ring::Slot {
        // SAFETY: the ring is mapped for good; of a slot only the atomic fields are used through this reference.
        unsafe { &(*self.ring).slots[index as usize % SLOTS] }
    }

    /// Requests posted so far (wraps): the index of the next one.
    pub fn tail(&self) -> u32 {
        self.tail
    }

    /// Posts a request, if the next slot is free.
    pub fn post(&mut self, request: Request) -> Result<(), Full> {
        let index = self.tail;
        if self.slot(index).state.load(Ordering::Acquire) != FREE {
            return Err(Full);
        }
        // SAFETY: a free slot belongs to the guest; the state's release store publishes the fields.
        unsafe {
            let slot = &raw mut (*self.ring).slots[index as usize % SLOTS];
            (*slot).op = request.op;
            (*slot).flags = 0;
            (*slot).fd = request.fd;
            (*slot).addr = request.pa;
            (*slot).len = request.len;
            (*slot).offset = 0;
            (*slot).token = request.token;
        }
        self.slot(index).state.store(POSTED, Ordering::Release);
        self.tail = index.wrapping_add(1);
        // SAFETY: an atomic of the mapped ring.
        unsafe { &(*self.ring).tail }.store(self.tail, Ordering::SeqCst);
        Ok(())
    }

    /// The result of request `index` and its token, once it is done; the slot is free then.
    pub fn take_done(&mut self, index: u32) -> Option<(i64, u64)> {
        if self.slot(index).state.load(Ordering::Acquire) != DONE {
            return None;
        }
        let result = self.slot(index).result.load(Ordering::Relaxed);
        // SAFETY: a done slot belongs to the guest; the token is the guest's alone.
        let token = unsafe { (*self.ring).slots[index as usize % SLOTS].token };
        self.slot(index).state.store(FREE, Ordering::Release);
        Some((result, token))
    }

    /// True if request `index` is done.
    pub fn is_done(&self, index: u32) -> bool {
        self.slot(index).state.load(Ordering::Acquire) == DONE
    }

    /// True if a host thread looks at the ring by itself. To be asked after posting.
    pub fn host_awake(&self) -> bool {
        fence(Ordering::SeqCst);
        // SAFETY: an atomic of the mapped ring.
        unsafe { &(*self.ring).host_awake }.load(Ordering::SeqCst) != 0
    }

    /// Asks for an interrupt when a request is done.
    pub fn want_interrupt(&self, wanted: bool) {
        // SAFETY: an atomic of the mapped ring.
        unsafe { &(*self.ring).want_interrupt }.store(u32::from(wanted), Ordering::SeqCst);
    }
}

/// The ring has no free slot.
#[derive(Clone, Copy, Debug)]
pub struct Full;

/// The shared page's count of how far the host's realtime clock was stepped since boot, ns.
pub fn realtime_step(info: &BootInfo) -> &'static AtomicI64 {
    // SAFETY: the shared page is mapped for good; the field is an atomic.
    unsafe { &(*(info.rings_va as *const SharedPage)).realtime_step_ns }
}
