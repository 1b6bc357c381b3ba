//! Pauses of the calling thread: exact sleeps, and short waits with the core busy.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicU64, Ordering};

use crate::arch::{block as core_block, cpu};
use crate::clock::monotonic;
use crate::thread::block::{self, Reason, INTERRUPTIBLE};
use crate::thread::{cores, idle};

/// How late a halt ends after its timer, ns: learnt from each sleep. A wait shorter than twice this only spins.
static LATENESS: AtomicU64 = AtomicU64::new(INITIAL_LATENESS);

/// What is assumed before the first sleep: an exit of a hardware KVM and a bit, ns.
const INITIAL_LATENESS: u64 = 10_000;
/// Most that is believed, ns: a host that was busy once must not make every sleep spin.
const MAX_LATENESS: u64 = 200_000;
/// While a device works one looks each so many ns.
const POLL: u64 = 2_000_000;

/// Sleeps until the monotonic clock shows `deadline`; false: a signal ended it.
pub fn sleep_until(deadline: u64) -> bool {
    let lateness = if is_alone() { LATENESS.load(Ordering::Relaxed) } else { 0 };
    let wake = deadline.saturating_sub(lateness);
    if wake > monotonic() + lateness {
        if block::sleep_until(wake, INTERRUPTIBLE) == Reason::Signal {
            return false;
        }
        learn(monotonic().saturating_sub(wake));
    }
    while monotonic() < deadline {
        cpu::relax();
    }
    true
}

/// Nobody else could use this core meanwhile: spinning takes time from none.
fn is_alone() -> bool {
    let core = cores::all().get(core_block::core() as usize);
    idle::may_spin() && core.is_some_and(|core| core.queued.load(Ordering::Relaxed) == 0)
}

/// A moving average of how late halts end.
fn learn(late: u64) {
    let old = LATENESS.load(Ordering::Relaxed);
    LATENESS.store((old * 3 + late.min(MAX_LATENESS)) / 4, Ordering::Relaxed);
}

/// Waits for a short while with the core busy; tells if `ready` said so.
pub fn spin(ns: u64, mut ready: impl FnMut() -> bool) -> bool {
    if !idle::may_spin() {
        return ready();
    }
    let end = monotonic() + ns;
    loop {
        if ready() {
            return true;
        }
        if monotonic() >= end {
            return false;
        }
        cpu::relax();
    }
}

/// Waits until a device that sends no interrupts is ready: spins for `ns`, then looks now and then, so that an idle guest costs its host
/// nothing to speak of. At boot and at the end there is no thread that could sleep.
pub fn poll(ns: u64, mut ready: impl FnMut() -> bool) {
    while !spin(ns, &mut ready) {
        if !core_block::is_masked() {
            block::sleep_until(monotonic() + POLL, 0);
        }
    }
}
