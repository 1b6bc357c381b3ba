//! Waiting: spins while that is cheaper than halting, then halts until the timer or another interrupt.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::arch::{block, cpu, gate};
use crate::clock::monotonic;

/// Nanoseconds halted so far.
static HALTED: AtomicU64 = AtomicU64::new(0);
/// How late a halt ends after its timer, ns: learnt from each sleep. A wait shorter than twice this only spins.
static LATENESS: AtomicU64 = AtomicU64::new(INITIAL_LATENESS);
/// More vCPUs than host cores: spinning would only take the core from whom we wait for.
static NEVER_SPIN: AtomicBool = AtomicBool::new(false);

/// What is assumed before the first sleep: an exit of a hardware KVM and a bit, ns.
const INITIAL_LATENESS: u64 = 10_000;
/// Most that is believed, ns: a host that was busy once must not make every sleep spin.
const MAX_LATENESS: u64 = 200_000;

/// Takes over what the host knows about its cores.
pub fn init(core_count: u32, host_cores: u32) {
    NEVER_SPIN.store(host_cores < core_count, Ordering::Relaxed);
}

/// Nanoseconds halted so far.
pub fn halted() -> u64 {
    HALTED.load(Ordering::Relaxed)
}

/// Sleeps until the monotonic clock shows `deadline`.
pub fn sleep_until(deadline: u64) {
    let lateness = if NEVER_SPIN.load(Ordering::Relaxed) { 0 } else { LATENESS.load(Ordering::Relaxed) };
    let wake = deadline.saturating_sub(lateness);
    if wake > monotonic() + lateness {
        halt_until(wake, || false);
        learn(monotonic().saturating_sub(wake));
    }
    while monotonic() < deadline {
        cpu::relax();
    }
}

/// A moving average of how late halts end.
fn learn(late: u64) {
    let old = LATENESS.load(Ordering::Relaxed);
    LATENESS.store((old * 3 + late.min(MAX_LATENESS)) / 4, Ordering::Relaxed);
}

/// Halts until `ready` says so or the monotonic clock shows `deadline` (u64::MAX: never). Tells if it is ready.
pub fn halt_until(deadline: u64, mut ready: impl FnMut() -> bool) -> bool {
    block::mask();
    let result = loop {
        block::take_pending();
        if ready() {
            break true;
        }
        let now = monotonic();
        if now >= deadline {
            break false;
        }
        if deadline != u64::MAX {
            gate::timer(deadline - now);
        }
        gate::wait();
        HALTED.fetch_add(monotonic() - now, Ordering::Relaxed);
    };
    block::unmask();
    result
}

/// Waits for a short while with the core busy; tells if `ready` said so.
pub fn spin(ns: u64, mut ready: impl FnMut() -> bool) -> bool {
    if NEVER_SPIN.load(Ordering::Relaxed) {
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
