//! Standard streams.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::c_int;

use super::status;
use crate::console;
use crate::door;
use crate::errno::Errno;
use crate::signal;

/// Waits for input on `fd`; gives the bytes read, 0 at the end.
#[no_mangle]
unsafe extern "C" fn sys_read(fd: c_int, buffer: *mut u8, len: usize) -> i64 {
    let usable = is_usable(buffer, len);
    // SAFETY: the caller's own memory, by the contract of the header.
    let bytes = if usable { unsafe { core::slice::from_raw_parts_mut(buffer, len) } } else { &mut [] };
    let got = signal::interruptible(|| {
        let _door = door::enter();
        console::read(fd, bytes)
    });
    answer(got.map(|got| got as i64), usable || len == 0)
}

/// Writes all of the buffer.
#[no_mangle]
unsafe extern "C" fn sys_write(fd: c_int, buffer: *const u8, len: usize) -> i64 {
    let _door = door::enter();
    let usable = is_usable(buffer, len);
    // SAFETY: as in `sys_read`.
    let bytes = if usable { unsafe { core::slice::from_raw_parts(buffer, len) } } else { &[] };
    answer(console::write(fd, bytes).map(|()| len as i64), usable || len == 0)
}

/// Can these be bytes of a program's? What is not mapped all the same is the program's SIGSEGV.
fn is_usable(buffer: *const u8, len: usize) -> bool {
    len > 0 && len <= isize::MAX as usize && !buffer.is_null() && (buffer as usize).checked_add(len).is_some()
}

/// What the call gives: a wrong descriptor counts before a wrong buffer.
fn answer(done: Result<i64, Errno>, usable: bool) -> i64 {
    let done = done.and_then(|got| if usable { Ok(got) } else { Err(Errno::Fault) });
    done.unwrap_or_else(|error| error.code().into())
}

/// 1 if the host says that the stream is a terminal.
#[no_mangle]
extern "C" fn sys_isatty(fd: c_int) -> c_int {
    console::is_terminal(fd).map_or_else(|error| error.code(), c_int::from)
}

/// The standard streams stay open on the host's side.
#[no_mangle]
extern "C" fn sys_close(fd: c_int) -> c_int {
    status(console::is_terminal(fd).map(|_| ()))
}
