//! Descriptors themselves: closing, duplicating, flags.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::c_int;

use super::status;
use crate::door;
use crate::errno::Errno;
use crate::fs::{flags, table};

/// Closes.
#[no_mangle]
extern "C" fn sys_close(fd: c_int) -> c_int {
    let _door = door::enter();
    status(table::close(fd))
}

/// A second descriptor for what is open as `fd`: the lowest free one from `least` on.
#[no_mangle]
extern "C" fn sys_dupfrom(fd: c_int, least: c_int, cloexec: c_int) -> c_int {
    let _door = door::enter();
    let made = table::get(fd).and_then(|handle| table::install(least, handle, cloexec != 0));
    made.unwrap_or_else(Errno::code)
}

/// The same from 0 on.
#[no_mangle]
extern "C" fn sys_dup(fd: c_int) -> c_int {
    sys_dupfrom(fd, 0, 0)
}

/// Makes `target` a second descriptor for what is open as `fd`, closing what it was; nothing changes where they are the same.
#[no_mangle]
extern "C" fn sys_dup2(fd: c_int, target: c_int) -> c_int {
    dup_to(fd, target, false)
}

/// The same with O_CLOEXEC or 0; they must not be the same.
#[no_mangle]
extern "C" fn sys_dup3(fd: c_int, target: c_int, flags: c_int) -> c_int {
    if fd == target || flags & !flags::CLOEXEC != 0 {
        return Errno::Invalid.code();
    }
    dup_to(fd, target, flags != 0)
}

fn dup_to(fd: c_int, target: c_int, cloexec: bool) -> c_int {
    let _door = door::enter();
    let made = table::get(fd).and_then(|handle| match fd == target {
        true => Ok(()),
        false => table::replace(target, handle, cloexec),
    });
    made.map_or_else(Errno::code, |()| target)
}

/// The O_* flags that it is open with.
#[no_mangle]
extern "C" fn sys_getfl(fd: c_int) -> c_int {
    let _door = door::enter();
    table::get(fd).map_or_else(Errno::code, |handle| handle.flags())
}

/// Sets O_APPEND, O_NONBLOCK and O_SYNC as `flags` has them.
#[no_mangle]
extern "C" fn sys_setfl(fd: c_int, flags: c_int) -> c_int {
    let _door = door::enter();
    status(table::get(fd).map(|handle| handle.set_flags(flags)))
}

/// FD_CLOEXEC.
#[no_mangle]
extern "C" fn sys_getfd(fd: c_int) -> c_int {
    let _door = door::enter();
    table::cloexec(fd).map_or_else(Errno::code, c_int::from)
}

/// Sets it.
#[no_mangle]
extern "C" fn sys_setfd(fd: c_int, flags: c_int) -> c_int {
    let _door = door::enter();
    status(table::set_cloexec(fd, flags & 1 != 0))
}
