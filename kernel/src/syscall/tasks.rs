//! The program's number and its end.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::c_int;

use crate::arch::fault::here;
use crate::{console, door, fault};

/// The program's number: it is alone.
pub const PID: c_int = 1;
/// SIGABRT, newlib's and Linux's number.
const ABORT: u32 = 6;

/// Ends the program.
#[no_mangle]
extern "C" fn sys_exit(code: c_int) -> ! {
    let _door = door::enter();
    console::exit(code as u8)
}

/// Ends the program as SIGABRT does.
#[no_mangle]
extern "C" fn sys_abort() -> ! {
    fault::raised(ABORT, &here())
}

/// Prints where the caller is, on stderr, and comes back.
#[no_mangle]
extern "C" fn sys_backtrace() {
    let _door = door::enter();
    fault::tell_caller();
}

/// The program's number.
#[no_mangle]
extern "C" fn sys_getpid() -> c_int {
    PID
}
