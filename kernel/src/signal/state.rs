//! What signals are to one thread: a part of `Thread`.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::SeqCst};

use crate::errno::Errno;
use hermit_signal::numbers::UNBLOCKABLE;
use hermit_signal::queue::Info;

/// ss_flags: now on it.
pub const ON_IT: i32 = 1;
/// ss_flags: there is none.
pub const DISABLED: i32 = 2;
/// MINSIGSTKSZ of newlib's sys/features.h: the frame with AVX-512 state, and 4 KiB to work in.
const LEAST: u64 = 8192;

/// struct sys_sigstack, which is stack_t.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Stack {
    /// Lowest address.
    pub base: u64,
    /// `ON_IT`, `DISABLED`, or 0.
    pub flags: i32,
    /// Padding.
    pub pad: u32,
    /// Bytes.
    pub size: u64,
}

/// A fault of the thread's that a handler is about to see.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fault {
    /// Signal.
    pub number: u32,
    /// si_code.
    pub code: i32,
    /// si_addr.
    pub address: u64,
    /// Exception vector.
    pub vector: u64,
    /// Its error code.
    pub error: u64,
    /// CR2.
    pub cr2: u64,
}

/// One thread's signals.
#[derive(Debug)]
pub struct State {
    /// Blocked.
    mask: AtomicU64,
    /// Sent to this thread and not taken.
    pending: AtomicU64,
    /// What sigtimedwait waits for.
    waited: AtomicU64,
    /// Mask to return to after sigsuspend's handler, if `suspended`.
    resumed: AtomicU64,
    suspended: AtomicBool,
    /// Something may be pending: the door and the upcall look.
    attention: AtomicBool,
    /// What handlers that returned leave for the call they ran in.
    noted: AtomicU32,
    /// A cancellation came: the next wait, or this one, ends.
    cancelled: AtomicBool,
    stack_base: AtomicU64,
    stack_size: AtomicU64,
    fault: [AtomicU64; 5],
}

#[allow(clippy::declare_interior_mutable_const)] // only to fill the array
const ZERO: AtomicU64 = AtomicU64::new(0);

impl State {
    /// Of a thread that has nothing blocked.
    pub const fn new() -> Self {
        Self {
            mask: ZERO,
            pending: ZERO,
            waited: ZERO,
            resumed: ZERO,
            suspended: AtomicBool::new(false),
            attention: AtomicBool::new(false),
            noted: AtomicU32::new(0),
            cancelled: AtomicBool::new(false),
            stack_base: ZERO,
            stack_size: ZERO,
            fault: [ZERO; 5],
        }
    }

    /// As a new thread of `creator`'s begins: its mask, nothing pending, no alternate stack.
    pub fn inherit(&self, creator: &Self) {
        for word in [&self.pending, &self.waited, &self.stack_size, &self.fault[0]] {
            word.store(0, SeqCst);
        }
        for flag in [&self.suspended, &self.attention, &self.cancelled] {
            flag.store(false, SeqCst);
        }
        self.mask.store(creator.mask(), SeqCst);
    }

    /// Blocked signals.
    pub fn mask(&self) -> u64 {
        self.mask.load(SeqCst)
    }

    /// Blocks these, and no others; some cannot be.
    pub fn set_mask(&self, mask: u64) {
        self.mask.store(mask & !UNBLOCKABLE, SeqCst);
    }

    /// Sent to this thread.
    pub fn pending(&self) -> u64 {
        self.pending.load(SeqCst)
    }

    pub(super) fn pend(&self, set: u64) {
        self.pending.fetch_or(set, SeqCst);
    }

    pub(super) fn unpend(&self, set: u64) {
        self.pending.fetch_and(!set, SeqCst);
    }

    /// What sigtimedwait waits for.
    pub fn waited(&self) -> u64 {
        self.waited.load(SeqCst)
    }

    pub(super) fn wait_for(&self, set: u64) {
        self.waited.store(set, SeqCst);
    }

    /// May something be there to deliver? One load: blocking calls ask it before and after they wait.
    #[inline(always)]
    pub fn has_attention(&self) -> bool {
        self.attention.load(SeqCst)
    }

    /// Has a wait to end before it begins?
    pub fn is_restless(&self) -> bool {
        self.has_attention() || self.cancelled.load(SeqCst)
    }

    /// Makes the thread look.
    pub fn call_attention(&self) {
        self.attention.store(true, SeqCst);
    }

    pub(super) fn looked(&self) {
        self.attention.store(false, SeqCst);
    }

    pub(super) fn note(&self, flags: u32) {
        self.noted.fetch_or(flags, SeqCst);
    }

    pub(super) fn take_noted(&self) -> u32 {
        match self.noted.load(SeqCst) {
            0 => 0,
            _ => self.noted.swap(0, SeqCst),
        }
    }

    pub(super) fn cancel(&self) {
        self.cancelled.store(true, SeqCst);
    }

    pub(super) fn take_cancelled(&self) -> bool {
        self.cancelled.load(SeqCst) && self.cancelled.swap(false, SeqCst)
    }

    /// sigsuspend: `mask` until a handler has run.
    pub(super) fn suspend(&self, mask: u64) {
        self.resumed.store(self.mask(), SeqCst);
        self.suspended.store(true, SeqCst);
        self.set_mask(mask);
    }

    /// The mask that the interrupted code goes on with.
    pub(super) fn take_resumed(&self) -> u64 {
        if self.suspended.swap(false, SeqCst) {
            self.resumed.load(SeqCst)
        } else {
            self.mask()
        }
    }

    pub(super) fn set_fault(&self, fault: &Fault) {
        let first = u64::from(fault.number) | (fault.code as u32 as u64) << 32;
        let words = [first, fault.address, fault.vector, fault.error, fault.cr2];
        for (place, word) in self.fault.iter().zip(words) {
            place.store(word, SeqCst);
        }
        self.call_attention();
    }

    pub(super) fn take_fault(&self) -> Option<Fault> {
        let first = self.fault[0].swap(0, SeqCst);
        let word = |at: usize| self.fault[at].load(SeqCst);
        (first != 0).then(|| Fault {
            number: first as u32,
            code: (first >> 32) as i32,
            address: word(1),
            vector: word(2),
            error: word(3),
            cr2: word(4),
        })
    }

    /// The alternate stack, as code with this stack pointer sees it.
    pub fn stack(&self, rsp: u64) -> Stack {
        let (base, size) = (self.stack_base.load(SeqCst), self.stack_size.load(SeqCst));
        let flags = match size {
            0 => DISABLED,
            _ if rsp.wrapping_sub(base) < size => ON_IT,
            _ => 0,
        };
        Stack { base, flags, pad: 0, size }
    }

    /// Changes it.
    pub fn set_stack(&self, rsp: u64, stack: &Stack) -> Result<(), Errno> {
        if self.stack(rsp).flags == ON_IT {
            return Err(Errno::NotPermitted);
        }
        let (base, size) = match stack.flags {
            DISABLED => (0, 0),
            0 | ON_IT if stack.size < LEAST => return Err(Errno::NoMemory),
            0 | ON_IT => (stack.base, stack.size),
            _ => return Err(Errno::Invalid),
        };
        self.stack_base.store(base, SeqCst);
        self.stack_size.store(size, SeqCst);
        Ok(())
    }

    /// Where a handler's frame goes: below this.
    pub(super) fn top(&self, rsp: u64, alternate: bool) -> u64 {
        /// Bytes below rsp that the ABI leaves to leaf functions.
        const RED_ZONE: u64 = 128;
        let stack = self.stack(rsp);
        match stack.flags {
            0 if alternate => stack.base + stack.size,
            ON_IT => rsp - RED_ZONE, // what was interrupted there has a red zone as well
            _ => rsp.wrapping_sub(RED_ZONE),
        }
    }

    /// The siginfo of a fault.
    pub(super) fn info(fault: &Fault) -> Info {
        Info { number: fault.number, code: fault.code, first: fault.address, ..Info::default() }
    }
}
