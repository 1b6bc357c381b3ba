//! A core's deadlines: the threads whose waits end at a time, the nearest first; and the timer that tells of them and of slices.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicU64, Ordering};

use super::block::{self, Reason};
use super::cores::{self, Core};
use super::list::{Chain, Link, List};
use super::Thread;
use crate::arch::gate;
use crate::clock::monotonic;

/// The links that deadlines use.
struct Timed;

impl Chain for Timed {
    fn link(thread: &Thread) -> &Link {
        &thread.timers
    }
}

/// The list, in order of time.
pub struct Deadlines(List<Timed>);

impl Deadlines {
    /// An empty one.
    pub const fn new() -> Self {
        Self(List::new())
    }

    fn first(&self) -> u64 {
        self.0.first().map_or(u64::MAX, |thread| thread.deadline.load(Ordering::Relaxed))
    }
}

/// Enters the calling thread's deadline on this core. Interrupts are masked.
pub fn add(thread: &'static Thread) {
    let (core, number) = cores::here();
    let deadline = thread.deadline.load(Ordering::Relaxed);
    let mut deadlines = core.deadlines.lock();
    // New ones are mostly the latest.
    let mut place = deadlines.0.last();
    while let Some(other) = place.filter(|other| other.deadline.load(Ordering::Relaxed) > deadline) {
        place = List::<Timed>::before(other);
    }
    deadlines.0.insert_after(place, thread);
    thread.timer_core.store(number as u32, Ordering::Relaxed);
    core.first_deadline.store(deadlines.first(), Ordering::Relaxed);
}

/// Takes the thread's deadline out again, wherever it is.
pub fn remove(thread: &'static Thread) {
    if !thread.timers.is_linked() {
        return;
    }
    let core = &cores::all()[thread.timer_core.load(Ordering::Relaxed) as usize];
    let mut deadlines = core.deadlines.lock();
    if thread.timers.is_linked() {
        deadlines.0.remove(thread);
        core.first_deadline.store(deadlines.first(), Ordering::Relaxed);
    }
}

/// Wakes the threads of this core whose time has come.
pub fn expire(core: &'static Core, now: u64) {
    while core.first_deadline.load(Ordering::Relaxed) <= now {
        if let Some(thread) = take_due(core, now) {
            block::wake_claimed(thread, Reason::Time);
        }
    }
}

/// Takes the first thread out of the list if its time has come; gives it if nobody else has ended its wait. That is settled while it is
/// in the list: once it is out it may already wait for something else, which this deadline must not end.
fn take_due(core: &Core, now: u64) -> Option<&'static Thread> {
    let mut deadlines = core.deadlines.lock();
    // Another core may have taken out the one that was the first.
    let thread = deadlines.0.first().filter(|thread| thread.deadline.load(Ordering::Relaxed) <= now)?;
    let claimed = block::claim(thread);
    deadlines.0.remove(thread);
    core.first_deadline.store(deadlines.first(), Ordering::Relaxed);
    claimed.then_some(thread)
}

/// How late a deadline may be noticed while a thread runs, ns: several then cost one interrupt.
static SLACK: AtomicU64 = AtomicU64::new(0);

/// Sets that.
pub fn set_slack(ns: u64) {
    SLACK.store(ns, Ordering::Relaxed);
}

/// Makes the timer interrupt the thread that runs here when the first deadline has come, or a bit later.
pub fn arm_deadline(core: &Core, now: u64) {
    let first = core.first_deadline.load(Ordering::Relaxed);
    if first != u64::MAX {
        arm(core, first.max(now + SLACK.load(Ordering::Relaxed)));
    }
}

/// Makes the timer interrupt this core at `time` at the latest. It is never set back: an interrupt for nothing costs less than
/// setting it at each switch.
pub fn arm(core: &Core, time: u64) {
    if time >= core.armed.load(Ordering::Relaxed) {
        return;
    }
    let now = monotonic();
    // The counter holds 4.29 s; what is later is looked at again then.
    const LONGEST: u64 = 4_000_000_000;
    let wait = time.saturating_sub(now).clamp(1, LONGEST);
    core.armed.store(now + wait, Ordering::Relaxed);
    gate::timer(wait);
}
