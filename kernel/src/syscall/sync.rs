//! Futexes.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::c_int;
use core::sync::atomic::AtomicU32;

use super::status;
use super::time::{deadline, Clock, Timespec};
use crate::errno::Errno;
use crate::thread::block::INTERRUPTIBLE;
use crate::thread::{cores, idle};
use crate::{futex, signal};

/// Waits while the word holds `expected`, at most `timeout` (NULL: for ever).
#[no_mangle]
unsafe extern "C" fn sys_futex_wait(word: *const u32, expected: u32, timeout: *const Timespec) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    let (word, timeout) = unsafe { (AtomicU32::from_ptr(word.cast_mut()), timeout.as_ref()) };
    let deadline = timeout.map_or(Ok(u64::MAX), |timeout| deadline(&Clock::Monotonic, false, timeout));
    status(deadline.and_then(|deadline| wait(word, expected, deadline)))
}

fn wait(word: &AtomicU32, expected: u32, deadline: u64) -> Result<(), Errno> {
    signal::interruptible(|| futex::wait(word, expected, deadline, INTERRUPTIBLE))
}

/// The same until a time of a clock (NULL: for ever).
#[no_mangle]
unsafe extern "C" fn sys_futex_wait_until(
    word: *const u32,
    expected: u32,
    clock: c_int,
    time: *const Timespec,
) -> c_int {
    // SAFETY: as in `sys_futex_wait`.
    let (word, time) = unsafe { (AtomicU32::from_ptr(word.cast_mut()), time.as_ref()) };
    let deadline = Clock::new(clock).and_then(|clock| time.map_or(Ok(u64::MAX), |time| deadline(&clock, true, time)));
    status(deadline.and_then(|deadline| wait(word, expected, deadline)))
}

/// Wakes at most `count` waiters; gives how many there were.
#[no_mangle]
unsafe extern "C" fn sys_futex_wake(word: *const u32, count: c_int) -> c_int {
    // SAFETY: as in `sys_futex_wait`.
    let word = unsafe { AtomicU32::from_ptr(word.cast_mut()) };
    futex::wake(word, count.max(0) as u32) as c_int
}

/// How long it pays to spin for a lock, ns: not at all while another thread, it may be the holder, waits for this core.
#[no_mangle]
extern "C" fn sys_spin_ns() -> u64 {
    idle::measure(); // OpenMP's runtime asks before there are threads
    if cores::others_wait_here() {
        0
    } else {
        idle::spin_ns()
    }
}
