//! Signals.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_int, c_uint, c_void};
use core::sync::atomic::AtomicI32;

use super::status;
use super::tasks::PID;
use super::time::{deadline, Clock, Timespec};
use crate::errno::Errno;
use crate::signal::{self, Action, Info, Receiver, Stack};

/// The calling stack, near enough to tell which one it is.
fn stack_pointer() -> u64 {
    let here = 0_u8;
    &raw const here as u64
}

/// A signal's number, or EINVAL.
fn number(number: c_int) -> Result<u32, Errno> {
    if signal::is_valid(number) {
        Ok(number as u32)
    } else {
        Err(Errno::Invalid)
    }
}

/// The same, or 0, which only asks.
fn sent(signal: c_int) -> Result<u32, Errno> {
    match signal {
        0 => Ok(0),
        other => number(other),
    }
}

/// Sets and asks what the process does about a signal.
#[no_mangle]
unsafe extern "C" fn sys_sigaction(signal: c_int, action: *const Action, before: *mut Action) -> c_int {
    // SAFETY: NULL or the caller's own memory, by the contract of the header.
    let new = unsafe { action.as_ref() }.copied();
    let result = number(signal).and_then(|number| signal::action(number, new));
    status(result.map(|old| {
        // SAFETY: the same.
        if let Some(before) = unsafe { before.as_mut() } {
            *before = old;
        }
    }))
}

/// Changes and asks the calling thread's mask. What it unblocks is delivered before this returns.
#[no_mangle]
unsafe extern "C" fn sys_sigprocmask(how: c_int, set: *const u64, before: *mut u64) -> c_int {
    const SET: c_int = 0;
    const BLOCK: c_int = 1;
    const UNBLOCK: c_int = 2;
    // SAFETY: NULL or the caller's own memory, by the contract of the header.
    let (set, before) = unsafe { (set.as_ref().copied(), before.as_mut()) };
    if set.is_some() && !(SET..=UNBLOCK).contains(&how) {
        return Errno::Invalid.code();
    }
    if let Some(before) = before {
        *before = signal::current().map_or(0, signal::State::mask);
    }
    match (set, how) {
        (Some(set), BLOCK) => signal::change_mask(|mask| mask | set),
        (Some(set), UNBLOCK) => signal::change_mask(|mask| mask & !set),
        (Some(set), _) => signal::change_mask(|_| set),
        (None, _) => {}
    }
    0
}

/// Sends to the process.
#[no_mangle]
extern "C" fn sys_kill(pid: c_int, signal: c_int) -> c_int {
    if ![PID, 0, -1, -PID].contains(&pid) {
        return Errno::NoProcess.code();
    }
    deliver(sent(signal).and_then(|number| signal::send(Receiver::Process, Info::sent(number, signal::SI_USER, 0))))
}

/// Sends to a thread.
#[no_mangle]
extern "C" fn sys_tkill(tid: c_int, signal: c_int) -> c_int {
    let receiver = if tid > 0 { Receiver::new(tid) } else { Err(Errno::NoProcess) };
    let result = receiver.and_then(|receiver| Ok((receiver, sent(signal)?)));
    deliver(result.and_then(|(to, number)| signal::send(to, Info::sent(number, signal::SI_USER, 0))))
}

/// Sends to a thread or the process (0), with a value.
#[no_mangle]
extern "C" fn sys_sigqueue(tid: c_int, signal: c_int, code: c_int, value: *mut c_void) -> c_int {
    let result = Receiver::new(tid).and_then(|receiver| Ok((receiver, sent(signal)?)));
    deliver(result.and_then(|(to, number)| signal::send(to, Info::sent(number, code, value as u64))))
}

/// Sends a timer's signal, which stands for `count` expirations.
#[no_mangle]
unsafe extern "C" fn sys_sigtimer(
    tid: c_int,
    signal: c_int,
    value: *mut c_void,
    timer: c_uint,
    count: c_uint,
    overrun: *mut c_int,
) -> c_int {
    // SAFETY: the caller's own memory, which stays for ever, by the contract of the header.
    let overrun = unsafe { AtomicI32::from_ptr(overrun) };
    let result = Receiver::new(tid).and_then(|receiver| Ok((receiver, number(signal)?)));
    status(result.and_then(|(to, number)| signal::to_timer(to, number, value as u64, timer, count, overrun)))
}

/// Sent; if it was to the calling thread its handler has run when this returns.
fn deliver(result: Result<(), Errno>) -> c_int {
    signal::pass();
    status(result)
}

/// Blocked signals that wait.
#[no_mangle]
unsafe extern "C" fn sys_sigpending(set: *mut u64) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    unsafe { set.write(signal::pending()) };
    0
}

/// Sets and asks the calling thread's alternate stack.
#[no_mangle]
unsafe extern "C" fn sys_sigaltstack(stack: *const Stack, before: *mut Stack) -> c_int {
    let Some(state) = signal::current() else { return Errno::Invalid.code() };
    let here = stack_pointer();
    // SAFETY: NULL or the caller's own memory, by the contract of the header.
    let (stack, before) = unsafe { (stack.as_ref().copied(), before.as_mut()) };
    let now = state.stack(here);
    let result = stack.map_or(Ok(()), |stack| state.set_stack(here, &stack));
    if let (Some(before), Ok(())) = (before, result) {
        *before = now;
    }
    status(result)
}

/// Waits with another mask until a handler has run.
#[no_mangle]
unsafe extern "C" fn sys_sigsuspend(mask: *const u64) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    status(signal::sleep(unsafe { *mask }, u64::MAX))
}

/// Sleeps with another mask.
#[no_mangle]
unsafe extern "C" fn sys_sigsleep(mask: *const u64, timeout: *const Timespec) -> c_int {
    // SAFETY: the caller's own memory, or NULL, by the contract of the header.
    let (mask, timeout) = unsafe { (*mask, timeout.as_ref()) };
    status(end(timeout).and_then(|deadline| signal::sleep(mask, deadline)))
}

/// When a wait ends that may take this long.
fn end(timeout: Option<&Timespec>) -> Result<u64, Errno> {
    timeout.map_or(Ok(u64::MAX), |timeout| deadline(&Clock::Monotonic, false, timeout))
}

/// Takes one of a set, without its handler; gives its number.
#[no_mangle]
unsafe extern "C" fn sys_sigtimedwait(set: *const u64, info: *mut Info, timeout: *const Timespec) -> c_int {
    // SAFETY: the caller's own memory, or NULL where the header allows it.
    let (set, info, timeout) = unsafe { (*set, info.as_mut(), timeout.as_ref()) };
    match end(timeout).and_then(|deadline| signal::wait(set & !1, deadline)) {
        Ok(taken) => {
            if let Some(info) = info {
                *info = taken;
            }
            taken.number as c_int
        }
        Err(error) => error.code(),
    }
}
