//! Reading, writing and what else is done with an open file.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::vec::Vec;
use core::ffi::{c_int, c_uint};

use super::paths::Volume;
use super::status;
use crate::door;
use crate::errno::Errno;
use crate::fs::status::{Change, Status, Time};
use crate::fs::{entries, table};
use crate::signal;

/// IOV_MAX of limits.h.
const MOST_PIECES: c_int = 1024;
/// The position of the description, not one of the caller's.
const NO_OFFSET: i64 = -1;

/// struct iovec.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Piece {
    base: *mut u8,
    len: usize,
}

/// A buffer of the caller's to be filled.
unsafe fn out<'a>(base: *mut u8, len: usize) -> Result<&'a mut [u8], Errno> {
    check(base, len)?;
    // SAFETY: the caller's own memory, by the contract of the header.
    Ok(if len == 0 { &mut [] } else { unsafe { core::slice::from_raw_parts_mut(base, len) } })
}

/// One to be read.
unsafe fn from<'a>(base: *const u8, len: usize) -> Result<&'a [u8], Errno> {
    check(base, len)?;
    // SAFETY: as in `out`.
    Ok(if len == 0 { &[] } else { unsafe { core::slice::from_raw_parts(base, len) } })
}

/// Can these be bytes of a program's? What is not mapped all the same is the program's SIGSEGV.
fn check(base: *const u8, len: usize) -> Result<(), Errno> {
    let fits = len <= isize::MAX as usize && (base as usize).checked_add(len).is_some();
    if len == 0 || fits && !base.is_null() {
        Ok(())
    } else {
        Err(Errno::Fault)
    }
}

/// What a call gives: a length, or the negative error number.
fn length(result: Result<usize, Errno>) -> i64 {
    result.map_or_else(|error| error.code().into(), |len| len as i64)
}

fn read(fd: c_int, offset: Option<u64>, buffers: &mut [&mut [u8]]) -> Result<usize, Errno> {
    let handle = table::get(fd)?;
    match offset {
        Some(offset) => handle.read_at(offset, buffers),
        None => handle.read(buffers),
    }
}

fn write(fd: c_int, offset: Option<u64>, buffers: &[&[u8]]) -> Result<usize, Errno> {
    let handle = table::get(fd)?;
    match offset {
        Some(offset) => handle.write_at(offset, buffers),
        None => handle.write(buffers),
    }
}

/// Makes a call that may wait. The descriptor's hold goes inside the door: its end may free what others wait for.
fn waiting(mut call: impl FnMut() -> Result<usize, Errno>) -> i64 {
    length(signal::interruptible(|| {
        let _door = door::enter();
        call()
    }))
}

/// Waits for input on `fd`; gives the bytes read, 0 at the end.
#[no_mangle]
unsafe extern "C" fn sys_read(fd: c_int, buffer: *mut u8, len: usize) -> i64 {
    // SAFETY: the contract of the header. A wrong descriptor counts before a wrong buffer.
    waiting(|| table::get(fd).and_then(|handle| handle.read(&mut [unsafe { out(buffer, len) }?])))
}

/// Writes; only to a file that does not wait can it be less than all of the buffer.
#[no_mangle]
unsafe extern "C" fn sys_write(fd: c_int, buffer: *const u8, len: usize) -> i64 {
    // SAFETY: as in `sys_read`.
    waiting(|| table::get(fd).and_then(|handle| handle.write(&[unsafe { from(buffer, len) }?])))
}

fn position(offset: i64) -> Result<u64, Errno> {
    u64::try_from(offset).map_err(|_| Errno::Invalid)
}

/// Reads at an offset.
#[no_mangle]
unsafe extern "C" fn sys_pread(fd: c_int, buffer: *mut u8, len: usize, offset: i64) -> i64 {
    // SAFETY: as in `sys_read`.
    waiting(|| read(fd, Some(position(offset)?), &mut [unsafe { out(buffer, len) }?]))
}

/// Writes at an offset.
#[no_mangle]
unsafe extern "C" fn sys_pwrite(fd: c_int, buffer: *const u8, len: usize, offset: i64) -> i64 {
    // SAFETY: as in `sys_read`.
    waiting(|| write(fd, Some(position(offset)?), &[unsafe { from(buffer, len) }?]))
}

/// The pieces of a vector, which are of less than 2^63 bytes together.
unsafe fn pieces<'a>(vector: *const Piece, count: c_int) -> Result<&'a [Piece], Errno> {
    if !(0..=MOST_PIECES).contains(&count) {
        return Err(Errno::Invalid);
    }
    // SAFETY: the caller's own memory, by the contract of the header.
    let pieces = if count == 0 { &[] } else { unsafe { core::slice::from_raw_parts(vector, count as usize) } };
    let total = pieces.iter().try_fold(0_usize, |sum, piece| sum.checked_add(piece.len));
    total.filter(|total| *total <= isize::MAX as usize).ok_or(Errno::Invalid)?;
    Ok(pieces)
}

fn gather<T>(pieces: &[Piece], one: impl Fn(&Piece) -> Result<T, Errno>) -> Result<Vec<T>, Errno> {
    let mut all = Vec::new();
    all.try_reserve_exact(pieces.len()).map_err(|_| Errno::NoMemory)?;
    for piece in pieces {
        all.push(one(piece)?);
    }
    Ok(all)
}

fn offset(offset: i64) -> Result<Option<u64>, Errno> {
    match offset {
        NO_OFFSET => Ok(None),
        other => position(other).map(Some),
    }
}

/// Reads into pieces; at the position if `at` is -1.
#[no_mangle]
unsafe extern "C" fn sys_preadv(fd: c_int, vector: *const Piece, count: c_int, at: i64) -> i64 {
    waiting(|| {
        table::get(fd)?;
        // SAFETY: as in `sys_read`.
        let mut buffers = gather(unsafe { pieces(vector, count) }?, |piece| unsafe { out(piece.base, piece.len) })?;
        read(fd, offset(at)?, &mut buffers)
    })
}

/// Writes pieces; at the position if `at` is -1.
#[no_mangle]
unsafe extern "C" fn sys_pwritev(fd: c_int, vector: *const Piece, count: c_int, at: i64) -> i64 {
    waiting(|| {
        table::get(fd)?;
        // SAFETY: as in `sys_read`.
        let buffers = gather(unsafe { pieces(vector, count) }?, |piece| unsafe { from(piece.base, piece.len) })?;
        write(fd, offset(at)?, &buffers)
    })
}

/// Reads into pieces.
#[no_mangle]
unsafe extern "C" fn sys_readv(fd: c_int, vector: *const Piece, count: c_int) -> i64 {
    // SAFETY: the same contract.
    unsafe { sys_preadv(fd, vector, count, NO_OFFSET) }
}

/// Writes pieces.
#[no_mangle]
unsafe extern "C" fn sys_writev(fd: c_int, vector: *const Piece, count: c_int) -> i64 {
    // SAFETY: the same contract.
    unsafe { sys_pwritev(fd, vector, count, NO_OFFSET) }
}

/// Moves the position.
#[no_mangle]
extern "C" fn sys_lseek(fd: c_int, offset: i64, whence: c_int) -> i64 {
    let _door = door::enter();
    let moved = table::get(fd).and_then(|handle| handle.seek(offset, whence));
    moved.map_or_else(|error| error.code().into(), |position| position as i64)
}

/// What is known of an open file.
#[no_mangle]
unsafe extern "C" fn sys_fstat(fd: c_int, result: *mut Status) -> c_int {
    let _door = door::enter();
    let found = table::get(fd).and_then(|handle| handle.file().status());
    // SAFETY: the caller's own memory, by the contract of the header.
    status(found.map(|found| unsafe { result.write(found) }))
}

/// Space of an open file's file system.
#[no_mangle]
unsafe extern "C" fn sys_fstatvfs(fd: c_int, result: *mut Volume) -> c_int {
    let _door = door::enter();
    let volume = table::get(fd).and_then(|handle| super::paths::volume_of(handle.node().cloned()));
    // SAFETY: the caller's own memory, by the contract of the header.
    status(volume.map(|volume| unsafe { result.write(volume) }))
}

/// Cuts or lengthens.
#[no_mangle]
extern "C" fn sys_ftruncate(fd: c_int, size: i64) -> c_int {
    let _door = door::enter();
    status(table::get(fd).and_then(|handle| handle.resize(position(size)?)))
}

/// Takes memory for bytes of a file.
#[no_mangle]
extern "C" fn sys_fallocate(fd: c_int, offset: i64, len: i64) -> c_int {
    let _door = door::enter();
    let wanted = position(offset).and_then(|offset| Ok((offset, position(len)?)));
    let wanted = wanted.and_then(|wanted| if wanted.1 == 0 { Err(Errno::Invalid) } else { Ok(wanted) });
    status(table::get(fd).and_then(|handle| wanted.and_then(|(offset, len)| handle.allocate(offset, len))))
}

/// Waits until what was written is on its medium.
#[no_mangle]
extern "C" fn sys_fsync(fd: c_int) -> c_int {
    let _door = door::enter();
    status(table::get(fd).and_then(|handle| handle.file().sync()))
}

/// Changes the permission bits.
#[no_mangle]
extern "C" fn sys_fchmod(fd: c_int, mode: c_uint) -> c_int {
    change(fd, &Change { mode: Some(mode & 0o7777), ..Change::default() })
}

/// Changes owner and group; -1: not that one.
#[no_mangle]
extern "C" fn sys_fchown(fd: c_int, user: c_uint, group: c_uint) -> c_int {
    change(fd, &super::paths::owners(user, group))
}

/// Changes the times; NULL: both are now.
#[no_mangle]
unsafe extern "C" fn sys_futimens(fd: c_int, times: *const [Time; 2]) -> c_int {
    // SAFETY: NULL or the caller's own memory, by the contract of the header.
    match super::paths::times(unsafe { times.as_ref() }) {
        Ok(times) => change(fd, &times),
        Err(error) => error.code(),
    }
}

fn change(fd: c_int, change: &Change) -> c_int {
    let _door = door::enter();
    status(table::get(fd).and_then(|handle| handle.file().change(change)))
}

/// Bytes that could be read at once.
#[no_mangle]
extern "C" fn sys_unread(fd: c_int) -> i64 {
    let _door = door::enter();
    length(table::get(fd).and_then(|handle| handle.unread()))
}

/// 1 if it is a terminal of the host's.
#[no_mangle]
extern "C" fn sys_isatty(fd: c_int) -> c_int {
    let _door = door::enter();
    table::get(fd).map_or_else(Errno::code, |handle| c_int::from(handle.file().is_terminal()))
}

/// Entries of a directory, as many as fit: `struct sys_dirent`s of hermit/syscalls.h; gives their bytes, 0 at the end.
#[no_mangle]
unsafe extern "C" fn sys_getdents64(fd: c_int, buffer: *mut u8, len: usize) -> i64 {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    length(table::get(fd).and_then(|handle| entries::read(&handle, unsafe { out(buffer, len) }?)))
}
