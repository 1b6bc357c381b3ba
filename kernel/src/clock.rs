//! Clocks: the time-stamp counter as nanoseconds since boot, realtime, and the time this program used the CPU.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use hermit_abi::boot::HostPart;
use spin::Once;

use crate::arch::{cpu, gate};
use crate::console;

/// Nanoseconds per tick, as a fixed-point number with 32 fraction bits.
static NS_PER_TICK: AtomicU64 = AtomicU64::new(0);
/// Ticks at boot: zero of the monotonic clock.
static BOOT_TICKS: AtomicU64 = AtomicU64::new(0);
/// There is, or was, more than one thread.
static THREADS: AtomicBool = AtomicBool::new(false);
/// Realtime at boot, ns since 1970; 0 = not known yet.
static BOOT_REALTIME: AtomicU64 = AtomicU64::new(0);
/// Where uhyve counts how far the host's clock was stepped.
static HOST_STEP: Once<&'static AtomicI64> = Once::new();
/// What clock_settime added, ns.
static REALTIME_OFFSET: AtomicI64 = AtomicI64::new(0);

/// How long the counter is compared with the LAPIC timer where the host does not tell its frequency, ns.
const CALIBRATION: u64 = 5_000_000;

/// Takes over what the host knows; calibrates where it knows nothing.
pub fn init(host: &HostPart) {
    let (boot, ns_per_tick) = match (1_000_000_u64 << 32).checked_div(host.tsc_khz) {
        Some(ns_per_tick) => (host.boot_tsc, ns_per_tick),
        None => (cpu::ticks(), calibrate()),
    };
    BOOT_TICKS.store(boot, Ordering::Relaxed);
    NS_PER_TICK.store(ns_per_tick, Ordering::Relaxed);
    BOOT_REALTIME.store(host.realtime_ns, Ordering::Relaxed);
}

/// The counter against the 1 GHz timer: each end is the tightest of a few pairs of readings.
fn calibrate() -> u64 {
    gate::timer(u64::from(u32::MAX));
    let (start_left, start) = pair();
    let (mut left, mut end) = pair();
    while start_left - left < CALIBRATION {
        (left, end) = pair();
    }
    gate::timer(0);
    ((start_left - left) << 32) / (end - start).max(1)
}

/// The timer's count and the counter at about the same moment.
fn pair() -> (u64, u64) {
    let one = || {
        let before = cpu::ticks();
        let left = gate::timer_count();
        let after = cpu::ticks();
        (after - before, left, before + (after - before) / 2)
    };
    let (_, left, ticks) = [one(), one(), one(), one()].into_iter().min().unwrap_or_else(one);
    (left, ticks)
}

/// From now on times of several cores are compared.
pub fn end_single_threaded() {
    THREADS.store(true, Ordering::Relaxed);
}

/// Nanoseconds since boot. Among threads it is never less than what another one read and told the caller; a single one is spared the
/// wait for what it did before.
#[inline(always)]
pub fn monotonic() -> u64 {
    let now = if THREADS.load(Ordering::Relaxed) { cpu::ticks() } else { cpu::ticks_about() };
    let ticks = now.wrapping_sub(BOOT_TICKS.load(Ordering::Relaxed));
    ((u128::from(ticks) * u128::from(NS_PER_TICK.load(Ordering::Relaxed))) >> 32) as u64
}

/// Nanoseconds since 1970, following the host's clock.
pub fn realtime() -> u64 {
    let host_step = match HOST_STEP.get() {
        Some(step) => step.load(Ordering::Relaxed),
        None => {
            console::update_clock(BOOT_REALTIME.load(Ordering::Relaxed) == 0);
            0
        }
    };
    let step = host_step + REALTIME_OFFSET.load(Ordering::Relaxed);
    (BOOT_REALTIME.load(Ordering::Relaxed) + monotonic()).saturating_add_signed(step)
}

/// The host's clock shows `ns` now.
pub fn correct_realtime(ns: u64) {
    BOOT_REALTIME.store(ns.saturating_sub(monotonic()).max(1), Ordering::Relaxed);
}

/// The host counts its clock's steps at `step`, in ns since boot.
pub fn follow(step: &'static AtomicI64) {
    HOST_STEP.call_once(|| step);
}

/// Sets the realtime clock of this guest; the host's stays.
pub fn set_realtime(ns: u64) {
    let difference = ns.wrapping_sub(realtime()) as i64;
    REALTIME_OFFSET.fetch_add(difference, Ordering::Relaxed);
}

/// Frequency of the counter in MHz.
pub fn frequency() -> u32 {
    let ns_per_tick = NS_PER_TICK.load(Ordering::Relaxed).max(1);
    (((1000_u64 << 32) + ns_per_tick / 2) / ns_per_tick) as u32
}
