//! Random numbers.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_int, c_uint};

use crate::door;
use crate::random;

/// Fills the buffer.
#[no_mangle]
unsafe extern "C" fn sys_read_entropy(buffer: *mut u8, len: usize, _flags: c_uint) -> i64 {
    let _door = door::enter();
    if len > 0 {
        // SAFETY: the caller's own memory, by the contract of the header.
        random::fill(unsafe { core::slice::from_raw_parts_mut(buffer, len) });
    }
    len as i64
}

/// A random number from 0 to INT_MAX.
#[no_mangle]
extern "C" fn sys_rand() -> c_int {
    let _door = door::enter();
    (random::word() & c_int::MAX as u64) as c_int
}

/// 32 random bits.
#[no_mangle]
unsafe extern "C" fn sys_secure_rand32(value: *mut u32) -> c_int {
    let _door = door::enter();
    // SAFETY: the caller's own memory, by the contract of the header.
    unsafe { value.write(random::word() as u32) };
    0
}

/// 64 random bits.
#[no_mangle]
unsafe extern "C" fn sys_secure_rand64(value: *mut u64) -> c_int {
    let _door = door::enter();
    // SAFETY: the caller's own memory, by the contract of the header.
    unsafe { value.write(random::word()) };
    0
}
