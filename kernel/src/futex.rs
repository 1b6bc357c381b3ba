//! Futexes. With one thread there is nobody to wake a waiter, so a wait either times out or is a deadlock.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicU32, Ordering};

use crate::errno::Errno;
use crate::{clock, idle, isle};

/// Exit code of a program that waits for what can never come.
const EXIT_DEADLOCK: u8 = 121;

/// Waits while `word` holds `expected`, at most `timeout` ns.
pub fn wait(word: &AtomicU32, expected: u32, timeout: Option<u64>) -> Result<(), Errno> {
    if word.load(Ordering::SeqCst) != expected {
        return Err(Errno::Again);
    }
    let Some(ns) = timeout else {
        isle::end(EXIT_DEADLOCK, "kernel: deadlock: the only thread waits for a lock that nobody can release\n");
    };
    idle::sleep_until(clock::monotonic().saturating_add(ns));
    Err(Errno::TimedOut)
}

/// Wakes waiters; gives how many there were.
pub fn wake(_word: &AtomicU32, _count: u32) -> u32 {
    0
}
