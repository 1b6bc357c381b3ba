//! Threads: how they come and go, and HermitCore's own calls for that.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_int, c_uchar, c_void};

use super::status;
use super::time::Timespec;
use crate::arch::block;
use crate::door;
use crate::errno::Errno;
use crate::thread::create::{self, Wish};
use crate::thread::{policy, usage, Thread};

/// struct sys_thread_options.
#[repr(C)]
struct Options {
    stack_size: usize,
    guard_size: usize,
    stack: *mut c_void,
    policy: c_int,
    priority: c_int,
    affinity: *const u64,
    affinity_words: usize,
}

/// struct sys_thread.
#[repr(C)]
struct Made {
    tid: c_int,
    thread_pointer: *mut c_void,
    stack: *mut c_void,
    stack_size: usize,
    guard_size: usize,
}

impl Made {
    fn of(thread: &Thread) -> Self {
        let (stack, guard) = (thread.stack(), thread.guard());
        Self {
            tid: thread.id() as c_int,
            thread_pointer: thread.thread_pointer() as *mut c_void,
            stack: stack.start as *mut c_void,
            stack_size: stack.len as usize,
            guard_size: guard.len as usize,
        }
    }
}

type Entry = extern "C" fn(*mut c_void);

/// Makes a thread that does nothing before `sys_thread_start`.
#[no_mangle]
unsafe extern "C" fn sys_thread_new(options: *const Options, made: *mut Made) -> c_int {
    let _door = door::enter();
    // SAFETY: the caller's own memory, by the contract of the header.
    let options = unsafe { &*options };
    let affinity = (!options.affinity.is_null()).then(|| {
        // SAFETY: the same contract.
        unsafe { core::slice::from_raw_parts(options.affinity, options.affinity_words) }
    });
    let wish = Wish {
        stack_len: options.stack_size as u64,
        guard_len: options.guard_size as u64,
        stack: options.stack as u64,
        policy: (options.policy >= 0).then_some((options.policy, options.priority)),
        affinity,
    };
    status(create::new(&wish).map(|thread| {
        // SAFETY: the same contract.
        unsafe { made.write(Made::of(thread)) };
    }))
}

/// Lets a new thread run.
#[no_mangle]
extern "C" fn sys_thread_start(tid: c_int, entry: Entry, argument: *mut c_void) {
    if let Ok(thread) = policy::find(tid) {
        create::start(thread, entry as usize as u64, argument as u64);
    }
}

/// Ends the calling thread.
#[no_mangle]
extern "C" fn sys_thread_end(word: *const u32) -> ! {
    create::end(word as u64)
}

/// Gives back what belonged to a thread.
#[no_mangle]
extern "C" fn sys_thread_free(tid: c_int) {
    create::free(tid);
}

/// The calling thread.
#[no_mangle]
unsafe extern "C" fn sys_thread_self(this: *mut Made) {
    if let Some(thread) = block::thread() {
        // SAFETY: the caller's own memory, by the contract of the header.
        unsafe { this.write(Made::of(thread)) };
    }
}

/// Its number.
#[no_mangle]
extern "C" fn sys_gettid() -> c_int {
    block::thread().map_or(0, |thread| thread.id() as c_int)
}

/// How long a thread has run.
#[no_mangle]
unsafe extern "C" fn sys_thread_cputime(tid: c_int, time: *mut Timespec) -> c_int {
    status(policy::find(tid).map(|thread| {
        // SAFETY: the caller's own memory, by the contract of the header.
        unsafe { time.write(Timespec::new(usage::thread_time(thread))) };
    }))
}

fn spawn(tid: *mut c_int, entry: Entry, argument: *mut c_void, wish: &Wish, priority: Option<c_int>) -> c_int {
    let _door = door::enter();
    status(create::new(wish).and_then(|thread| {
        if let Some(priority) = priority {
            policy::set_priority(thread, priority).inspect_err(|_| create::free(thread.id() as c_int))?;
        }
        if !tid.is_null() {
            // SAFETY: the caller's own memory, by the contract of the header.
            unsafe { tid.write(thread.id() as c_int) };
        }
        create::start(thread, entry as usize as u64, argument as u64);
        Ok(())
    }))
}

/// HermitCore: `entry(argument)` in a thread of its own.
#[no_mangle]
extern "C" fn sys_clone(tid: *mut c_int, entry: Entry, argument: *mut c_void) -> c_int {
    spawn(tid, entry, argument, &Wish::default(), None)
}

/// HermitCore: the same with a priority, on core `core` (-1: any).
#[no_mangle]
extern "C" fn sys_spawn(tid: *mut c_int, entry: Entry, argument: *mut c_void, priority: c_uchar, core: c_int) -> c_int {
    let mut set = [0; crate::thread::SET_WORDS];
    let chosen = usize::try_from(core).ok();
    if let Some(core) = chosen {
        match set.get_mut(core / 64) {
            Some(word) => *word = 1 << (core % 64),
            None => return Errno::Invalid.code(),
        }
    }
    let wish = Wish { affinity: chosen.map(|_| &set[..]), ..Wish::default() };
    spawn(tid, entry, argument, &wish, Some(priority.into()))
}

/// HermitCore: waits for a thread's end.
#[no_mangle]
extern "C" fn sys_join(tid: c_int) -> c_int {
    status(create::join(tid))
}

/// HermitCore: ends the calling thread; nobody gets the code.
#[no_mangle]
extern "C" fn sys_thread_exit(_code: c_int) -> ! {
    create::end(0)
}
