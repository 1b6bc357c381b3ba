//! What is made to pass bytes on or to wait: pipes, socket pairs, counters, poll, locks of whole files.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use core::ffi::{c_int, c_uint};

use super::status;
use super::time::Timespec;
use crate::errno::Errno;
use crate::fs::counter::Counter;
use crate::fs::description::{Description, Lock};
use crate::fs::file::{File, FileRef};
use crate::fs::poll::{self, Entry};
use crate::fs::{flags, pipe, socket, table};
use crate::memory::pool;
use crate::{clock, door, signal};

/// Access of O_RDONLY, O_WRONLY and O_RDWR.
const READ: c_int = 0;
const WRITE: c_int = 1;
const BOTH: c_int = 2;
/// EFD_SEMAPHORE of sys/eventfd.h.
const SEMAPHORE: c_int = 1;
/// LOCK_* of fcntl.h.
const LOCK_SHARED: c_int = 1;
const LOCK_EXCLUSIVE: c_int = 2;
const LOCK_NONBLOCK: c_int = 4;
const LOCK_UNLOCK: c_int = 8;
/// As many as there can be descriptors.
const MOST_ENTRIES: usize = table::MOST;

/// Opens two files at once, or none.
fn open_two(files: [(Arc<dyn File>, c_int); 2], how: c_int) -> Result<[c_int; 2], Errno> {
    if how & !(flags::CLOEXEC | flags::NONBLOCK) != 0 {
        return Err(Errno::Invalid);
    }
    let places = [table::Place::new()?, table::Place::new()?];
    let mut opened = places.into_iter().zip(files).map(|(place, (file, access))| {
        let handle = Description::open(FileRef::Shared(file), None, access | how & flags::NONBLOCK);
        place.fill(handle, how & flags::CLOEXEC != 0)
    });
    Ok([opened.next().unwrap_or(-1), opened.next().unwrap_or(-1)])
}

unsafe fn give(made: Result<[c_int; 2], Errno>, result: *mut [c_int; 2]) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    status(made.map(|fds| unsafe { result.write(fds) }))
}

/// A pipe: the end to read from, then the end to write to; O_CLOEXEC and O_NONBLOCK.
#[no_mangle]
unsafe extern "C" fn sys_pipe(result: *mut [c_int; 2], how: c_int) -> c_int {
    let _door = door::enter();
    let made = pipe::pair().and_then(|(reader, writer)| open_two([(reader, READ), (writer, WRITE)], how));
    // SAFETY: the same contract.
    unsafe { give(made, result) }
}

/// Two connected stream sockets; O_CLOEXEC and O_NONBLOCK.
#[no_mangle]
unsafe extern "C" fn sys_socketpair(result: *mut [c_int; 2], how: c_int) -> c_int {
    let _door = door::enter();
    let made = socket::pair().and_then(|[one, other]| open_two([(one, BOTH), (other, BOTH)], how));
    // SAFETY: the same contract.
    unsafe { give(made, result) }
}

/// A counter; EFD_SEMAPHORE (1), O_CLOEXEC and O_NONBLOCK.
#[no_mangle]
extern "C" fn sys_eventfd(value: c_uint, how: c_int) -> c_int {
    let _door = door::enter();
    let made = || {
        if how & !(SEMAPHORE | flags::CLOEXEC | flags::NONBLOCK) != 0 {
            return Err(Errno::Invalid);
        }
        let place = table::Place::new()?;
        pool::secure().map_err(|_| Errno::NoMemory)?;
        let counter = Arc::new(Counter::new(u64::from(value), how & SEMAPHORE != 0));
        let handle = Description::open(FileRef::Shared(counter), None, BOTH | how & flags::NONBLOCK);
        Ok(place.fill(handle, how & flags::CLOEXEC != 0))
    };
    made().unwrap_or_else(Errno::code)
}

/// Waits until something that is wanted of descriptors holds; gives of how many. NULL: for ever, or with the thread's own mask.
#[no_mangle]
unsafe extern "C" fn sys_poll(entries: *mut Entry, count: usize, timeout: *const Timespec, mask: *const u64) -> c_int {
    if count > MOST_ENTRIES {
        return Errno::Invalid.code();
    }
    // SAFETY: the caller's own memory, by the contract of the header.
    let (entries, timeout, mask) = unsafe {
        let entries = if count == 0 { &mut [] } else { core::slice::from_raw_parts_mut(entries, count) };
        (entries, timeout.as_ref(), mask.as_ref().copied())
    };
    let deadline = timeout.map_or(Ok(u64::MAX), |time| Ok(clock::monotonic().saturating_add(time.ns()?)));
    deadline.and_then(|end| poll::poll(entries, end, mask)).map_or_else(Errno::code, |ready| ready as c_int)
}

/// Locks a whole file, or unlocks it: LOCK_*.
#[no_mangle]
extern "C" fn sys_flock(fd: c_int, how: c_int) -> c_int {
    let wanted = match how & !LOCK_NONBLOCK {
        LOCK_SHARED => Ok(Some(Lock::Shared)),
        LOCK_EXCLUSIVE => Ok(Some(Lock::Exclusive)),
        LOCK_UNLOCK => Ok(None),
        _ => Err(Errno::Invalid),
    };
    status(signal::interruptible(|| {
        let _door = door::enter();
        let handle = table::get(fd)?;
        handle.lock(wanted?, how & LOCK_NONBLOCK == 0)
    }))
}
