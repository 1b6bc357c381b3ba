//! The I/O thread: takes over from the doorbell while requests keep coming, so that the guest need not exit for each.
// SPDX-License-Identifier: BSD-3-Clause
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use crate::isle::{Drained, Isle};

/// This many doorbells, none later than so long after the one before, start the thread.
const BURST: (u32, Duration) = (4, Duration::from_millis(10));
/// It polls without a pause this long after a request, if a host core is free: a file request then costs no wake-up.
const SPIN: Duration = Duration::from_micros(100);
/// A spinning thread that did not look for this long had lost its core.
const LOST_CORE: Duration = Duration::from_micros(500);
/// It does not spin again for this long after that.
const QUIET: Duration = Duration::from_millis(500);
/// Then it looks after pauses that double from the first to the second; the guest was promised 10 ms.
const NAPS: (Duration, Duration) = (Duration::from_micros(100), Duration::from_millis(4));
/// It goes to sleep this long after the last request.
const LINGER: Duration = Duration::from_millis(200);

/// The thread, from the vCPUs' side. It is started when it is needed first: most short programs never need it.
#[derive(Debug)]
pub struct IoThread {
    polling: bool,
    awake: AtomicBool,
    knocked: Mutex<Knocks>,
    thread: OnceLock<Thread>,
}

/// Doorbells in a row.
#[derive(Debug, Default)]
struct Knocks {
    last: Option<Instant>,
    row: u32,
}

impl Knocks {
    /// Counts one more; true if they come often.
    fn count(&mut self, now: Instant) -> bool {
        let quick = self.last.replace(now).is_some_and(|last| now - last < BURST.1);
        self.row = if quick { self.row.saturating_add(1) } else { 1 };
        self.row >= BURST.0
    }
}

impl IoThread {
    /// Not started yet. `polling`: a host core is free to spin on.
    pub fn new(polling: bool) -> Self {
        Self { polling, awake: AtomicBool::new(false), knocked: Mutex::default(), thread: OnceLock::new() }
    }

    /// A doorbell was answered: wakes the thread if they come often.
    pub fn knock(&self, isle: &Arc<Isle>) {
        let often = self.knocked.lock().unwrap_or_else(PoisonError::into_inner).count(Instant::now());
        if often && !self.awake.swap(true, Ordering::AcqRel) {
            match self.thread.get() {
                Some(thread) => thread.unpark(),
                None => self.start(isle),
            }
        }
    }

    fn start(&self, isle: &Arc<Isle>) {
        let copy = isle.clone();
        // Without a thread every request goes on by doorbell.
        if let Ok(handle) = thread::Builder::new().name("io".into()).spawn(move || copy.serve_io()) {
            let _ = self.thread.set(handle.thread().clone());
        }
    }

    /// The thread itself.
    pub fn run(&self, isle: &Arc<Isle>) -> ! {
        loop {
            while !self.awake.load(Ordering::Acquire) {
                thread::park();
            }
            isle.set_awake(true);
            self.watch(isle);
            self.awake.store(false, Ordering::Release);
            isle.set_awake(false);
            // Whoever posted before it read host_awake = 0 rings no doorbell: one more look.
            look(isle);
        }
    }

    /// Serves the rings until nothing came for a while.
    fn watch(&self, isle: &Arc<Isle>) {
        let (mut last, mut nap) = (Instant::now(), NAPS.0);
        let mut spinner = Spinner { allowed: self.polling, looked: None, quiet_until: None };
        loop {
            if look(isle) {
                (last, nap) = (Instant::now(), NAPS.0);
                spinner.looked = None;
                continue;
            }
            let now = Instant::now();
            let idle = now - last;
            if idle > LINGER {
                return;
            }
            if idle < SPIN && spinner.may(now) {
                std::hint::spin_loop();
            } else {
                thread::sleep(nap);
                nap = (nap * 2).min(NAPS.1);
                spinner.looked = None;
            }
        }
    }
}

/// Tells whether a host core is really free: a thread that loses its core while it spins takes time from somebody else.
#[derive(Debug)]
struct Spinner {
    allowed: bool,
    looked: Option<Instant>,
    quiet_until: Option<Instant>,
}

impl Spinner {
    /// True if the thread may look once more without a pause.
    fn may(&mut self, now: Instant) -> bool {
        if self.looked.is_some_and(|looked| now - looked > LOST_CORE) {
            self.quiet_until = Some(now + QUIET);
        }
        self.looked = Some(now);
        self.allowed && self.quiet_until.is_none_or(|until| now > until)
    }
}

/// Serves all rings once; true if there was something.
fn look(isle: &Arc<Isle>) -> bool {
    match isle.drain_all() {
        Drained::Idle => false,
        Drained::Busy => true,
        Drained::End(end) => isle.end(&end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_doorbells_start_nothing() {
        let (mut knocks, start) = (Knocks::default(), Instant::now());
        let rings = [0, 1, 2, 20, 21, 22, 23, 24].map(|ms| knocks.count(start + Duration::from_millis(ms)));
        assert_eq!(rings, [false, false, false, false, false, false, true, true]);
    }

    #[test]
    fn a_thread_that_loses_its_core_stops_spinning_for_a_while() {
        let start = Instant::now();
        let mut spinner = Spinner { allowed: true, looked: None, quiet_until: None };
        let micros = |n| start + Duration::from_micros(n);
        assert!(spinner.may(micros(0)) && spinner.may(micros(10)));
        assert!(!spinner.may(micros(1000)), "it was away for 990 us");
        assert!(!spinner.may(micros(1010)));
        spinner.looked = None;
        assert!(spinner.may(micros(600_000)), "after a while it tries again");
        assert!(!Spinner { allowed: false, looked: None, quiet_until: None }.may(start));
    }
}
