//! Standard streams.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::c_int;

use super::status;
use crate::console;

/// Waits for input on `fd`; gives the bytes read, 0 at the end.
#[no_mangle]
unsafe extern "C" fn sys_read(fd: c_int, buffer: *mut u8, len: usize) -> i64 {
    if len == 0 {
        return console::read(fd, &mut []).map_or_else(|error| error.code().into(), |_| 0);
    }
    // SAFETY: the caller's own memory, by the contract of the header.
    let bytes = unsafe { core::slice::from_raw_parts_mut(buffer, len) };
    console::read(fd, bytes).map_or_else(|error| error.code().into(), |got| got as i64)
}

/// Writes all of the buffer.
#[no_mangle]
unsafe extern "C" fn sys_write(fd: c_int, buffer: *const u8, len: usize) -> i64 {
    // SAFETY: the caller's own memory, by the contract of the header; nothing is read where nothing is to write.
    let bytes = if len == 0 { &[] } else { unsafe { core::slice::from_raw_parts(buffer, len) } };
    console::write(fd, bytes).map_or_else(|error| error.code().into(), |()| len as i64)
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
