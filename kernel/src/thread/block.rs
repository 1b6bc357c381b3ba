//! Waiting and waking. A thread that waits says so by its state before it leaves its core; whoever changes that state back wakes it, and
//! nobody else does.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicI64, Ordering};

use super::{deadlock, schedule, timer, State, Thread};
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

/// Threads that run or are ready to.
static RUNNABLE: AtomicI64 = AtomicI64::new(1);
/// Waits that a deadline will end.
static DEADLINES: AtomicI64 = AtomicI64::new(0);
/// Waits that the world outside may end.
static OUTSIDE: AtomicI64 = AtomicI64::new(0);

/// One more thread can run: a new one.
pub fn count_new() {
    RUNNABLE.fetch_add(1, Ordering::SeqCst);
}

/// One thread less can run: it has ended. What remains may be a deadlock.
pub fn count_end() {
    leave_runnable();
}

fn leave_runnable() {
    let last = RUNNABLE.fetch_sub(1, Ordering::SeqCst) == 1;
    if last && DEADLINES.load(Ordering::SeqCst) <= 0 && OUTSIDE.load(Ordering::SeqCst) <= 0 {
        deadlock::report();
    }
}

/// Says that `thread`, which calls, is about to wait: from here on it can be woken. Interrupts are masked. `deadline` is in ns since
/// boot, u64::MAX never; `how` is made of INTERRUPTIBLE and EXTERNAL.
pub fn announce(thread: &'static Thread, deadline: u64, how: u32) {
    let timed = deadline != u64::MAX;
    thread.deadline.store(deadline, Ordering::Relaxed);
    thread.wait.store(how | if timed { TIMED } else { 0 }, Ordering::Relaxed);
    if timed {
        DEADLINES.fetch_add(1, Ordering::SeqCst);
    }
    if how & EXTERNAL != 0 {
        OUTSIDE.fetch_add(1, Ordering::SeqCst);
    }
    thread.set_state(State::Blocked);
}

/// Leaves the core until somebody wakes the thread, which has announced that.
pub fn leave(thread: &'static Thread) -> Reason {
    let how = thread.wait.load(Ordering::Relaxed);
    let disturbed = how & INTERRUPTIBLE != 0 && thread.signals.is_restless();
    if disturbed && thread.change_state(State::Blocked, State::Running) {
        uncount(how);
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

fn uncount(how: u32) {
    if how & TIMED != 0 {
        DEADLINES.fetch_sub(1, Ordering::SeqCst);
    }
    if how & EXTERNAL != 0 {
        OUTSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Wakes a thread, unless somebody else has; tells which.
pub fn wake(thread: &'static Thread, reason: Reason) -> bool {
    if !thread.change_state(State::Blocked, State::Ready) {
        return false;
    }
    let how = thread.wait.load(Ordering::Relaxed);
    RUNNABLE.fetch_add(1, Ordering::SeqCst);
    uncount(how);
    let end = match reason {
        Reason::Woken => 0,
        Reason::Time => ENDED_BY_TIME,
        Reason::Signal => ENDED_BY_SIGNAL,
    };
    thread.wait.store(how | end, Ordering::Relaxed);
    match reason {
        Reason::Time => schedule::place(thread, schedule::End::Front),
        _ => schedule::place(thread, schedule::End::Back),
    }
    true
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
