//! What threads use of the cores: the clocks of threads and of the process.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering;

use super::cores::{self, Core, RUNNING};
use super::{State, Thread};
use crate::clock::monotonic;
use crate::sync::Mask;

/// The calling thread ran until `now`.
pub fn account(core: &Core, current: &Thread, now: u64) {
    let ran = now.saturating_sub(core.since.load(Ordering::Relaxed));
    core.since.store(now, Ordering::Relaxed);
    let busy = core.busy.load(Ordering::Relaxed) + ran;
    core.busy.store(busy, Ordering::Relaxed);
    core.usage.store(busy, Ordering::Release);
    current.ran.fetch_add(ran, Ordering::Relaxed);
}

/// Nanoseconds that all threads ran so far.
pub fn cpu_time() -> u64 {
    cores::all().iter().map(used).sum()
}

/// Nanoseconds that threads used of a core: one word tells, or it would go back while a thread comes or goes.
fn used(core: &Core) -> u64 {
    match core.usage.load(Ordering::Acquire) {
        running if running & RUNNING != 0 => running.wrapping_add(monotonic()) & !RUNNING,
        busy => busy,
    }
}

/// A thread begins to use the core.
pub fn begin_use(core: &Core, now: u64) {
    core.since.store(now, Ordering::Relaxed);
    let less = core.busy.load(Ordering::Relaxed).wrapping_sub(now);
    core.usage.store(less | RUNNING, Ordering::Release);
}

/// Nanoseconds that `thread` ran so far.
pub fn thread_time(thread: &Thread) -> u64 {
    // The caller's own turn must not end between two looks: the clock would go back by it.
    let _mask = Mask::set();
    let ran = thread.ran.load(Ordering::Relaxed);
    if thread.state() != State::Running {
        return ran;
    }
    let core = &cores::all()[thread.core.load(Ordering::Relaxed) as usize];
    ran + monotonic().saturating_sub(core.since.load(Ordering::Relaxed))
}
