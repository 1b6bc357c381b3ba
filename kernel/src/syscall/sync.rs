//! Futexes.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::c_int;
use core::sync::atomic::AtomicU32;

use super::status;
use super::time::Timespec;
use crate::futex;

/// Waits while the word holds `expected`, at most `timeout` (NULL: for ever).
#[no_mangle]
unsafe extern "C" fn sys_futex_wait(word: *const u32, expected: u32, timeout: *const Timespec) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    let (word, timeout) = unsafe { (AtomicU32::from_ptr(word.cast_mut()), timeout.as_ref()) };
    status(timeout.map(Timespec::ns).transpose().and_then(|ns| futex::wait(word, expected, ns)))
}

/// Wakes at most `count` waiters; gives how many there were.
#[no_mangle]
unsafe extern "C" fn sys_futex_wake(word: *const u32, count: c_int) -> c_int {
    // SAFETY: as in `sys_futex_wait`.
    let word = unsafe { AtomicU32::from_ptr(word.cast_mut()) };
    futex::wake(word, count.max(0) as u32) as c_int
}
