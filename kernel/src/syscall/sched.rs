//! Scheduling: policies, priorities, cores.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_int, c_uint};

use super::status;
use crate::arch::block;
use crate::clock;
use crate::errno::Errno;
use crate::thread::{cores, policy, schedule};

/// Lets another thread run that is at least as urgent.
#[no_mangle]
extern "C" fn sys_yield() {
    schedule::yield_now();
}

/// How long a thread runs while others of its level wait for their turn, in ns.
#[no_mangle]
extern "C" fn sys_slice_ns() -> u64 {
    schedule::slice()
}

/// Sets policy and priority.
#[no_mangle]
extern "C" fn sys_sched_set(tid: c_int, name: c_int, priority: c_int) -> c_int {
    status(policy::find(tid).and_then(|thread| policy::set(thread, name, priority)))
}

/// Policy and priority.
#[no_mangle]
unsafe extern "C" fn sys_sched_get(tid: c_int, name: *mut c_int, priority: *mut c_int) -> c_int {
    status(policy::find(tid).map(|thread| {
        let (number, level) = policy::get(thread);
        // SAFETY: the caller's own memory, by the contract of the header.
        unsafe {
            name.write(number);
            priority.write(level);
        }
    }))
}

/// Restricts a thread to cores.
#[no_mangle]
unsafe extern "C" fn sys_affinity_set(tid: c_int, mask: *const u64, words: usize) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    let set = unsafe { core::slice::from_raw_parts(mask, words) };
    status(policy::find(tid).and_then(|thread| policy::set_affinity(thread, set)))
}

/// The cores that a thread may run on.
#[no_mangle]
unsafe extern "C" fn sys_affinity_get(tid: c_int, mask: *mut u64, words: usize) -> c_int {
    status(policy::find(tid).and_then(|thread| {
        if words * 64 < cores::count() {
            return Err(Errno::Invalid);
        }
        for word in 0..words {
            // SAFETY: the caller's own memory, by the contract of the header.
            unsafe { mask.add(word).write(policy::affinity_word(thread, word)) };
        }
        Ok(())
    }))
}

/// Lets a lock's owner run as urgently as one who waits for it.
#[no_mangle]
extern "C" fn sys_sched_boost(owner: c_int, waiter: c_int) -> c_int {
    status(policy::find(owner).and_then(|owner| policy::find(waiter).map(|waiter| policy::boost(owner, waiter))))
}

/// Ends a boost of the caller.
#[no_mangle]
extern "C" fn sys_sched_unboost() {
    if let Some(thread) = block::thread() {
        policy::unboost(thread);
    }
}

/// HermitCore's priority of a thread; NULL: the caller.
#[no_mangle]
unsafe extern "C" fn sys_getprio(tid: *const c_int) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    let tid = unsafe { tid.as_ref() }.copied().unwrap_or(0);
    policy::find(tid).map_or_else(Errno::code, policy::priority)
}

/// Sets it.
#[no_mangle]
unsafe extern "C" fn sys_setprio(tid: *const c_int, priority: c_int) -> c_int {
    // SAFETY: as in `sys_getprio`.
    let tid = unsafe { tid.as_ref() }.copied().unwrap_or(0);
    status(policy::find(tid).and_then(|thread| policy::set_priority(thread, priority)))
}

/// The core that the caller is on.
#[no_mangle]
extern "C" fn sys_getcpu() -> c_int {
    block::core() as c_int
}

/// Interrupts that core `core` took so far; 0 of a core that is not there.
#[no_mangle]
extern "C" fn sys_interrupts(core: c_int) -> u64 {
    let there = usize::try_from(core).ok().filter(|&core| core < cores::count());
    there.map_or(0, |core| block::counts(core as u64).0)
}

/// Cores of this isle.
#[no_mangle]
extern "C" fn sys_get_processor_count() -> c_int {
    cores::count() as c_int
}

/// MHz of the time-stamp counter.
#[no_mangle]
extern "C" fn sys_get_processor_frequency() -> c_uint {
    clock::frequency()
}
