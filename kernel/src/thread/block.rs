//! Waiting and waking. A thread that waits says so by its state before it leaves its core; whoever changes that state back wakes it, and
//! nobody else does.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicU64, Ordering};

use super::{deadlock, place, policy, schedule, timer, State, Thread};
use crate::arch::block as core_block;

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// By what it waited for.
    Woken,
    /// By its deadline.
    Time,
    /// By a signal or a cancellation.
    Signal,
}

/// `Thread::wait`: signals end the wait.
pub const INTERRUPTIBLE: u32 = 1;
/// `Thread::wait`: what is waited for comes from outside: input, or a signal.
pub const EXTERNAL: u32 = 2;
/// `Thread::wait`: it has a deadline, which is counted.
const TIMED: u32 = 4;
/// `Thread::wait`: how the wait ended.
const ENDED_BY_TIME: u32 = 16;
const ENDED_BY_SIGNAL: u32 = 32;

/// Threads that run or are ready to, and from the bit of `HOPE` on the waits that a deadline or the world outside may end. One word: a
/// deadline that passes moves its thread from one count to the other, and whoever looks in between must not miss it in both.
static ALIVE: AtomicU64 = AtomicU64::new(RUNNABLE);
const RUNNABLE: u64 = 1;
const HOPE: u64 = 1 << 32;

/// One more thread can run: a new one.
pub fn count_new() {
    ALIVE.fetch_add(RUNNABLE, Ordering::SeqCst);
}

/// One thread less can run: it has ended. What remains may be a deadlock.
pub fn count_end() {
    leave_runnable();
}

fn leave_runnable() {
    if ALIVE.fetch_sub(RUNNABLE, Ordering::SeqCst) == RUNNABLE {
        deadlock::report();
    }
}

/// Somebody other than a thread may end a wait like that.
fn has_hope(how: u32) -> bool {
    how & (TIMED | EXTERNAL) != 0
}

/// Says that `thread`, which calls, is about to wait: from here on it can be woken. Interrupts are masked. `deadline` is in ns since
/// boot, u64::MAX never; `how` is made of INTERRUPTIBLE and EXTERNAL.
pub fn announce(thread: &'static Thread, deadline: u64, how: u32) {
    let timed = deadline != u64::MAX;
    thread.deadline.store(deadline, Ordering::Relaxed);
    let how = how | if timed { TIMED } else { 0 };
    thread.wait.store(how, Ordering::Relaxed);
    if has_hope(how) {
        ALIVE.fetch_add(HOPE, Ordering::SeqCst);
    }
    thread.set_state(State::Blocked);
}

/// Leaves the core until somebody wakes the thread, which has announced that.
pub fn leave(thread: &'static Thread) -> Reason {
    let how = thread.wait.load(Ordering::Relaxed);
    let disturbed = how & INTERRUPTIBLE != 0 && thread.signals.is_restless();
    if disturbed && thread.change_state(State::Blocked, State::Running) {
        if has_hope(how) {
            ALIVE.fetch_sub(HOPE, Ordering::SeqCst);
        }
        return Reason::Signal;
    }
    if how & TIMED != 0 {
        timer::add(thread);
    }
    leave_runnable();
    schedule::leave(thread);
    timer::remove(thread);
    match thread.wait.load(Ordering::Relaxed) {
        how if how & ENDED_BY_TIME != 0 => Reason::Time,
        how if how & ENDED_BY_SIGNAL != 0 => Reason::Signal,
        _ => Reason::Woken,
    }
}

/// Wakes a thread, unless somebody else has; tells which.
pub fn wake(thread: &'static Thread, reason: Reason) -> bool {
    let claimed = claim(thread);
    if claimed {
        wake_claimed(thread, reason);
    }
    claimed
}

/// Ends a thread's wait, unless somebody else has: then the caller alone goes on with `wake_claimed`.
pub fn claim(thread: &Thread) -> bool {
    thread.change_state(State::Blocked, State::Ready)
}

/// Lets a thread run that the caller has claimed.
pub fn wake_claimed(thread: &'static Thread, reason: Reason) {
    let how = thread.wait.load(Ordering::Relaxed);
    let hope = if has_hope(how) { HOPE } else { 0 };
    ALIVE.fetch_add(RUNNABLE.wrapping_sub(hope), Ordering::SeqCst);
    let end = match reason {
        Reason::Woken => 0,
        Reason::Time => ENDED_BY_TIME,
        Reason::Signal => ENDED_BY_SIGNAL,
    };
    thread.wait.store(how | end, Ordering::Relaxed);
    // FIFO and RR threads never interrupt their equals.
    match reason {
        Reason::Time if thread.policy.load(Ordering::Relaxed) == policy::OTHER => {
            place::place(thread, place::End::Front)
        }
        _ => place::place(thread, place::End::Back),
    }
}

/// A signal or a cancellation came for the thread, and has called for its attention: it looks at once, wherever it is.
pub fn disturb(thread: &'static Thread) {
    match thread.state() {
        State::Blocked if thread.wait.load(Ordering::Relaxed) & INTERRUPTIBLE != 0 => {
            wake(thread, Reason::Signal);
        }
        State::Running => schedule::reconsider(thread),
        _ => {}
    }
}

/// Waits until `deadline` (ns since boot) or a signal; the caller is a thread.
pub fn sleep_until(deadline: u64, how: u32) -> Reason {
    let Some(thread) = core_block::thread() else { return Reason::Time };
    let _mask = crate::sync::Mask::set();
    announce(thread, deadline, how);
    leave(thread)
}
