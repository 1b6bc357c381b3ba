//! The host's clocks: which guest TSC belongs to which time, and how far the host's clock was stepped since.
// SPDX-License-Identifier: BSD-3-Clause
use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;
use nix::sys::time::TimeSpec;
use nix::sys::timerfd::{ClockId as TimerClock, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
use nix::time::{clock_gettime, ClockId};

/// Pairs of TSC and time are read this often; the tightest is kept.
const TRIES: usize = 3;

/// A guest TSC, the time it belongs to, and by how much realtime was ahead of monotonic then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epoch {
    /// Guest TSC.
    pub tsc: u64,
    /// Nanoseconds since 1970 at that TSC.
    pub realtime_ns: u64,
    /// Realtime minus monotonic clock, ns: changes only when the host's clock is stepped.
    pub ahead_ns: i64,
}

impl Epoch {
    /// Reads `tsc` between two looks at the clock and takes the middle. Without a TSC: 0, and the time is that of now.
    pub fn now(mut tsc: impl FnMut() -> Option<u64>) -> Self {
        let mut best = Self { tsc: 0, realtime_ns: nanos(ClockId::CLOCK_REALTIME) as u64, ahead_ns: ahead_ns() };
        let mut tightest = i64::MAX;
        for _ in 0..TRIES {
            let before = nanos(ClockId::CLOCK_REALTIME);
            let Some(tsc) = tsc() else { break };
            let width = nanos(ClockId::CLOCK_REALTIME) - before;
            if (0..tightest).contains(&width) {
                tightest = width;
                best.tsc = tsc;
                best.realtime_ns = (before + width / 2) as u64;
            }
        }
        best
    }

    /// How far the host's realtime clock was stepped since, ns.
    pub fn step_ns(&self) -> i64 {
        // The two clocks are read one after the other: below a microsecond it is noise.
        let step = ahead_ns() - self.ahead_ns;
        if step.abs() < 1000 {
            0
        } else {
            step
        }
    }
}

/// Becomes readable whenever somebody steps the host's realtime clock.
#[derive(Debug)]
pub struct StepWatch(TimerFd);

impl StepWatch {
    /// None where the kernel has no such timer.
    pub fn new() -> Option<Self> {
        let timer =
            TimerFd::new(TimerClock::CLOCK_REALTIME, TimerFlags::TFD_CLOEXEC | TimerFlags::TFD_NONBLOCK).ok()?;
        let mut watch = Self(timer);
        watch.arm()?;
        Some(watch)
    }

    fn arm(&mut self) -> Option<()> {
        // Far in the future: it fires only by being cancelled.
        let never = Expiration::OneShot(TimeSpec::new(i64::from(u32::MAX) * 2, 0));
        self.0.set(never, TimerSetTimeFlags::TFD_TIMER_ABSTIME | TimerSetTimeFlags::TFD_TIMER_CANCEL_ON_SET).ok()
    }

    /// Takes the news; true if the clock was stepped.
    pub fn take(&mut self) -> bool {
        let stepped = self.0.wait() == Err(Errno::ECANCELED);
        if stepped {
            self.arm();
        }
        stepped
    }

    /// For poll.
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

fn ahead_ns() -> i64 {
    nanos(ClockId::CLOCK_REALTIME) - nanos(ClockId::CLOCK_MONOTONIC)
}

fn nanos(clock: ClockId) -> i64 {
    // Neither clock can fail on Linux.
    clock_gettime(clock).map_or(0, |time| time.tv_sec() * 1_000_000_000 + time.tv_nsec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_is_now() {
        let mut fake = 1000;
        let epoch = Epoch::now(|| {
            fake += 1;
            Some(fake)
        });
        let now = nanos(ClockId::CLOCK_REALTIME) as u64;
        assert!((1001..=1003).contains(&epoch.tsc));
        assert!(now - epoch.realtime_ns < 1_000_000_000);
        assert_eq!(Epoch::now(|| None).tsc, 0);
    }

    #[test]
    fn a_step_is_seen_and_noise_is_not() {
        let mut epoch = Epoch::now(|| None);
        assert_eq!(epoch.step_ns() / 1_000_000, 0);
        epoch.ahead_ns -= 3_000_000_000;
        assert!((epoch.step_ns() - 3_000_000_000).abs() < 1_000_000);
    }

    #[test]
    fn the_watch_is_quiet_while_nobody_steps() {
        let mut watch = StepWatch::new().unwrap();
        assert!(!watch.take());
    }
}
