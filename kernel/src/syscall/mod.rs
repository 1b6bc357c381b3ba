//! The door: the system calls of hermit/syscalls.h. Turns C's pointers into references and errors into negative numbers, no more.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::c_int;

use crate::errno::Errno;

mod channels;
mod descriptors;
mod files;
mod memory;
mod paths;
mod random;
mod sched;
mod signals;
mod sync;
mod tasks;
mod threads;
mod time;

/// 0, or the negative error number.
fn status(result: Result<(), Errno>) -> c_int {
    result.map_or_else(Errno::code, |()| 0)
}
