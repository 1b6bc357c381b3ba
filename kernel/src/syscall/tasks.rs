//! The program's number and its end.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::c_int;

use crate::errno::Errno;
use crate::{console, door, fault, isle};

/// The program's number: it is alone.
const PID: c_int = 1;
/// SIGABRT, newlib's and Linux's number.
const ABORT: u32 = 6;

/// SIGPIPE, the same.
const PIPE: u8 = 13;

/// Newlib's signal numbers 1-31 as Linux counts them; 0 where Linux has none.
const LINUX_SIGNAL: [u8; 32] = [
    0, 1, 2, 3, 4, 5, 6, 0, 8, 9, 7, 11, 31, 13, 14, 15, 23, 19, 20, 18, 17, 21, 22, 29, 24, 25, 26, 27, 28, 30, 10, 12,
];
/// Newlib's numbers of the signals that do nothing by default: SIGURG, SIGCONT, SIGCHLD, SIGWINCH.
const IGNORED: [c_int; 4] = [16, 19, 20, 28];

/// Ends the program.
#[no_mangle]
extern "C" fn sys_exit(code: c_int) -> ! {
    let _door = door::enter();
    console::exit(code as u8)
}

/// Ends the program as SIGABRT does.
#[no_mangle]
extern "C" fn sys_abort() -> ! {
    fault::raised(ABORT)
}

/// The program's number.
#[no_mangle]
extern "C" fn sys_getpid() -> c_int {
    PID
}

/// Sends a signal; there is only this program, and no handler in the kernel, so it ends or nothing happens.
#[no_mangle]
extern "C" fn sys_kill(pid: c_int, signal: c_int) -> c_int {
    if pid != PID && pid != 0 && pid != -1 {
        return Errno::NoProcess.code();
    }
    match usize::try_from(signal).ok().and_then(|number| LINUX_SIGNAL.get(number)) {
        _ if signal == 0 || IGNORED.contains(&signal) => 0,
        Some(0) | None => Errno::Invalid.code(),
        // The end of many a pipeline: no fault that anybody looks into.
        Some(&PIPE) => isle::end(128 + PIPE, "kernel: SIGPIPE: nobody reads the output any more\n"),
        Some(number) => fault::raised(u32::from(*number)),
    }
}
