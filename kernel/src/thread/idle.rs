//! A core without work: it looks for some as long as a halt would cost, then halts. And what a halt costs, from which all pauses derive.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use spin::Once;

use super::cores::{self, Core, BUSY, HALTED, SPINNING};
use super::{place, schedule, timer, Thread};
use crate::arch::{block, context, cpu, gate};
use crate::clock::monotonic;

/// More vCPUs than host cores: spinning would only take the core from whom we wait for.
static NEVER_SPIN: AtomicBool = AtomicBool::new(false);
/// Host cores that this isle may use.
static HOST_CORES: AtomicU32 = AtomicU32::new(1);
/// How long to look for work before a halt, ns.
static SPIN: AtomicU64 = AtomicU64::new(0);

/// A deadline nearer than this is waited for with the core busy, ns.
static NEAR: AtomicU64 = AtomicU64::new(0);

/// A wake-up costs some exits on both sides: it pays to look this many times as long as one takes ...
const SPIN_EXITS: u64 = 3;
/// ... but neither shorter nor longer than this, ns.
const SPIN_RANGE: (u64, u64) = (20_000, 300_000);
/// A turn is at least so many exits long, and within these bounds, ns.
const SLICE_EXITS: u64 = 100;
const SLICE_RANGE: (u64, u64) = (2_000_000, 10_000_000);
/// An interrupt for a deadline while a thread runs comes so many exits later at most, and within these bounds, ns.
const SLACK_EXITS: u64 = 4;
const SLACK_RANGE: (u64, u64) = (20_000, 200_000);
/// A halt and its end cost so many exits.
const NEAR_EXITS: u64 = 2;
/// Measured so often; the least counts.
const MEASUREMENTS: u32 = 3;

/// Takes over what the host knows about its cores.
pub fn init(core_count: u32, host_cores: u32) {
    NEVER_SPIN.store(host_cores < core_count, Ordering::Relaxed);
    HOST_CORES.store(host_cores, Ordering::Relaxed);
}

/// Host cores that this isle may use.
pub fn host_cores() -> u32 {
    HOST_CORES.load(Ordering::Relaxed)
}

/// Measures what a look at the interrupt controller costs, and derives pauses and turns. Once: when
/// somebody asks, and before the first thread beside the main one.
pub fn measure() {
    static DONE: Once = Once::new();
    DONE.call_once(measure_once);
}

fn measure_once() {
    let once = || {
        let start = monotonic();
        gate::timer_count();
        monotonic() - start
    };
    let cost = (0..MEASUREMENTS).map(|_| once()).min().unwrap_or(0);
    schedule::set_slice((cost * SLICE_EXITS).clamp(SLICE_RANGE.0, SLICE_RANGE.1));
    timer::set_slack((cost * SLACK_EXITS).clamp(SLACK_RANGE.0, SLACK_RANGE.1));
    if may_spin() {
        NEAR.store(cost * NEAR_EXITS, Ordering::Relaxed);
    }
    if cores::count() > 1 && may_spin() {
        SPIN.store((cost * SPIN_EXITS).clamp(SPIN_RANGE.0, SPIN_RANGE.1), Ordering::Relaxed);
    }
}

/// True if every core of ours has one of the host's.
pub fn may_spin() -> bool {
    !NEVER_SPIN.load(Ordering::Relaxed)
}

/// How long a lock may be spun for before its waiter sleeps, ns.
pub fn spin_ns() -> u64 {
    SPIN.load(Ordering::Relaxed)
}

/// The life of a core's idle context; interrupts are masked always. It begins with nothing left behind.
pub fn run() -> ! {
    let (core, number) = cores::here();
    loop {
        let next = place::pick(core, number).or_else(|| spin(core, number)).unwrap_or_else(|| halt(core, number));
        cores::change_state(core, BUSY);
        cores::catch_up(core);
        schedule::enter(core, number, next);
        let left = context::switch(&core.idle, &next.context, 0);
        schedule::switched(left);
    }
}

/// Looks for work without a pause.
fn spin(core: &'static Core, number: usize) -> Option<&'static Thread> {
    let window = spin_ns();
    if window == 0 {
        return None;
    }
    cores::change_state(core, SPINNING);
    let end = monotonic() + window;
    loop {
        handle_pending();
        let now = monotonic();
        if core.first_deadline.load(Ordering::Relaxed) <= now {
            timer::expire(core, now);
        }
        let next = place::pick(core, number);
        if next.is_some() || now >= end {
            return next;
        }
        cpu::relax();
    }
}

/// Halts until there is work.
fn halt(core: &'static Core, number: usize) -> &'static Thread {
    loop {
        // A deadline that is nearer than the way into a halt and out of it is waited for.
        let now = monotonic();
        let near = core.first_deadline.load(Ordering::Relaxed) <= now + NEAR.load(Ordering::Relaxed);
        cores::change_state(core, if near { SPINNING } else { HALTED });
        // Whoever queues a thread looks at the state afterwards: one of us sees the other.
        if let Some(next) = place::pick(core, number) {
            return next;
        }
        if near {
            timer::expire(core, now);
            cpu::relax();
        } else {
            timer::arm(core, core.first_deadline.load(Ordering::Relaxed));
            gate::wait();
        }
        handle_pending();
    }
}

fn handle_pending() {
    let bits = block::take_pending();
    if bits != 0 {
        schedule::interrupted(bits);
    }
}
