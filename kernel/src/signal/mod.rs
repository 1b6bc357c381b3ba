//! Signals. Actions belong to the process, mask and pending ones to the thread. A signal is taken by the thread itself: at the door, on
//! its way out of a call that may wait, or in the upcall when it was interrupted while it ran the program's code.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
mod deliver;
mod send;
mod state;
mod threads;
mod wait;

use core::sync::atomic::{AtomicU64, Ordering::SeqCst};

pub use deliver::{begin, cannot_deliver, fault, has_work, interruptible, last_door, look, pass, returned, Delivery};
pub use hermit_signal::actions::{Action, ON_STACK};
pub use hermit_signal::numbers::{is_valid, linux, BUS, FPE, ILL, SEGV, TRAP};
pub use hermit_signal::queue::{Info, SI_USER};
pub use send::{end_thread, send, to_timer, Receiver};
pub use state::{Fault, Stack, State, ON_IT};
pub use threads::current;
pub use wait::{interruptible_with, sleep, wait};

use crate::errno::Errno;
use crate::sync::Masked;
use hermit_signal::actions::Actions;
use hermit_signal::numbers::CANCEL;
use hermit_signal::queue::Queue;

/// What all threads share, under one short lock.
struct Shared {
    actions: Actions,
    queue: Queue,
}

static SHARED: Masked<Shared> = Masked::new(Shared { actions: Actions::new(), queue: Queue::new() });
/// Sent to the process and not taken yet; changed under the lock.
static PENDING: AtomicU64 = AtomicU64::new(0);

/// What the process does about a signal; and what it shall do.
pub fn action(number: u32, new: Option<Action>) -> Result<Action, Errno> {
    let before = {
        let mut shared = SHARED.lock();
        let before = shared.actions.get(number);
        if let Some(action) = new {
            if !shared.actions.set(number, action) {
                return Err(Errno::Invalid);
            }
        }
        before
    };
    // What is ignored from now on is not pending any more.
    if new.is_some_and(|action| action.ignores(number)) {
        send::discard(number);
    }
    Ok(before)
}

/// Signals that wait for the calling thread or the process, and are blocked.
pub fn pending() -> u64 {
    let Some(state) = current() else { return 0 };
    (state.pending() | PENDING.load(SeqCst)) & state.mask()
}

/// Changes the calling thread's mask; what it unblocks is delivered before this returns.
pub fn change_mask(change: impl FnOnce(u64) -> u64) {
    let Some(state) = current() else { return };
    let before = state.mask();
    state.set_mask(change(before));
    deliver::check(state);
    if PENDING.load(SeqCst) & state.mask() & !before != 0 {
        // It was meant to be taken here, and cannot be any more.
        send::offer();
    }
    pass();
}

/// Does it only concern the thread library?
fn is_cancel(number: u32) -> bool {
    number == CANCEL
}
