//! Memory: sbrk, mmap and its kin.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_int, c_void};

use hermit_abi::PAGE;

use super::status;
use crate::door;
use crate::errno::Errno;
use crate::memory::{self, Rights};

/// sys/mman.h of newlib (as its rtems port has it).
const MAP_FIXED: c_int = 0x10;
const MAP_ANON: c_int = 0x1000;

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

/// Maps fresh memory. Files cannot be mapped.
#[no_mangle]
extern "C" fn sys_mmap(
    addr: *mut c_void,
    len: usize,
    prot: c_int,
    flags: c_int,
    fd: c_int,
    _offset: i64,
) -> *mut c_void {
    let _door = door::enter();
    if flags & MAP_ANON == 0 {
        return pointer(Err(if fd < 0 { Errno::BadDescriptor } else { Errno::NoDevice }));
    }
    let fixed = (flags & MAP_FIXED != 0).then_some(addr as u64);
    pointer(Rights::new(prot).and_then(|rights| memory::map(fixed, len as u64, rights)))
}

/// Gives memory back; whoever touches it then gets SIGSEGV.
#[no_mangle]
extern "C" fn sys_munmap(addr: *mut c_void, len: usize) -> c_int {
    let _door = door::enter();
    status(memory::unmap(addr as u64, len as u64))
}

/// Changes what may be done with memory.
#[no_mangle]
extern "C" fn sys_mprotect(addr: *mut c_void, len: usize, prot: c_int) -> c_int {
    let _door = door::enter();
    status(Rights::new(prot).and_then(|rights| memory::protect(addr as u64, len as u64, rights)))
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
