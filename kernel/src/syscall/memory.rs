//! Memory: sbrk, mmap and its kin.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_int, c_void};

use hermit_abi::{Range, PAGE};

use super::status;
use crate::door;
use crate::errno::Errno;
use crate::fs::description::Handle;
use crate::fs::{mapping, table};
use crate::memory::{self, window, Rights};

/// sys/mman.h of newlib (as its rtems port has it).
const MAP_SHARED: c_int = 1;
const MAP_PRIVATE: c_int = 2;
const MAP_FIXED: c_int = 0x10;
const MAP_ANON: c_int = 0x1000;
const PROT_WRITE: c_int = 2;

/// A pointer, or the negative error number in its place.
fn pointer(result: Result<u64, Errno>) -> *mut c_void {
    result.map_or_else(|error| error.code() as isize as *mut c_void, |va| va as *mut c_void)
}

/// Moves the program break; gives the old one.
#[no_mangle]
extern "C" fn sys_sbrk(increment: isize) -> *mut c_void {
    let _door = door::enter();
    pointer(memory::sbrk(increment as i64))
}

/// Bytes of a page.
#[no_mangle]
extern "C" fn sys_getpagesize() -> c_int {
    PAGE as c_int
}

/// Maps fresh memory, a copy of a file's bytes, or the file's memory itself.
#[no_mangle]
extern "C" fn sys_mmap(
    addr: *mut c_void,
    len: usize,
    prot: c_int,
    flags: c_int,
    fd: c_int,
    offset: i64,
) -> *mut c_void {
    let _door = door::enter();
    let fixed = (flags & MAP_FIXED != 0).then_some(addr as u64);
    let rights = Rights::new(prot);
    if flags & MAP_ANON != 0 {
        return pointer(rights.and_then(|rights| memory::map(fixed, len as u64, rights)));
    }
    pointer(rights.and_then(|rights| map_file(fixed, len, rights, prot & PROT_WRITE != 0, flags, (fd, offset))))
}

fn map_file(
    fixed: Option<u64>,
    len: usize,
    rights: Rights,
    writes: bool,
    flags: c_int,
    (fd, offset): (c_int, i64),
) -> Result<u64, Errno> {
    let handle = table::get(fd)?;
    let shared = match flags & (MAP_SHARED | MAP_PRIVATE) {
        MAP_SHARED => true,
        MAP_PRIVATE => false,
        _ => return Err(Errno::Invalid),
    };
    let offset = u64::try_from(offset).ok().filter(|offset| offset % PAGE == 0).ok_or(Errno::Invalid)?;
    if len == 0 {
        return Err(Errno::Invalid);
    }
    mapping::check(&handle, shared, writes)?;
    match (shared, fixed) {
        (true, None) => mapping::share(handle, offset, len as u64, rights),
        // the file's memory is where it is
        (true, Some(_)) => Err(Errno::NotSupported),
        (false, fixed) => copy(&handle, fixed, len, rights, offset),
    }
}

/// Maps a copy of the file's bytes.
fn copy(handle: &Handle, fixed: Option<u64>, len: usize, rights: Rights, offset: u64) -> Result<u64, Errno> {
    memory::check(rights)?;
    let va = memory::map(fixed, len as u64, Rights::DATA)?;
    // SAFETY: just mapped, readable, writable and nobody else's.
    let bytes = unsafe { core::slice::from_raw_parts_mut(va as *mut u8, len) };
    let filled = handle.read_at(offset, &mut [bytes]).map(|_| ());
    let done = filled.and_then(|()| match rights == Rights::DATA {
        true => Ok(()),
        false => memory::protect(va, len as u64, rights),
    });
    if done.is_err() {
        memory::unmap(va, len as u64)?;
    }
    done.map(|()| va)
}

/// Whole pages, as munmap and its kin want them.
fn pages(addr: *mut c_void, len: usize) -> Result<Range, Errno> {
    let len = (len as u64).checked_next_multiple_of(PAGE).filter(|len| *len > 0);
    let end = len.and_then(|len| (addr as u64).checked_add(len));
    match (len, end) {
        (Some(len), Some(_)) if addr as u64 % PAGE == 0 => Ok(Range::new(addr as u64, len)),
        _ => Err(Errno::Invalid),
    }
}

/// Gives memory back; whoever touches it then gets SIGSEGV.
#[no_mangle]
extern "C" fn sys_munmap(addr: *mut c_void, len: usize) -> c_int {
    let _door = door::enter();
    status(match window::contains(addr as u64) {
        true => pages(addr, len).and_then(mapping::unmap),
        false => memory::unmap(addr as u64, len as u64),
    })
}

/// Changes what may be done with memory.
#[no_mangle]
extern "C" fn sys_mprotect(addr: *mut c_void, len: usize, prot: c_int) -> c_int {
    let _door = door::enter();
    status(Rights::new(prot).and_then(|rights| match window::contains(addr as u64) {
        true if len == 0 => Ok(()),
        true => pages(addr, len).and_then(|range| mapping::protect(range, prot & PROT_WRITE != 0, rights)),
        false => memory::protect(addr as u64, len as u64, rights),
    }))
}

/// Bytes of memory that the guest was given.
#[no_mangle]
extern "C" fn sys_memory_total() -> u64 {
    let _door = door::enter();
    memory::total()
}

/// Bytes that are still free.
#[no_mangle]
extern "C" fn sys_memory_free() -> u64 {
    let _door = door::enter();
    memory::free()
}
