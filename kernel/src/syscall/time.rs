//! Clocks and sleeping.
// SPDX-License-Identifier: BSD-3-Clause
use core::ffi::{c_int, c_uint, c_void};

use super::status;
use crate::arch::block;
use crate::errno::Errno;
use crate::thread::{usage, Thread};
use crate::{clock, signal, wait};

const NS: u64 = 1_000_000_000;
/// CLOCK_MONOTONIC of newlib's time.h.
const CLOCK_MONOTONIC: c_int = 4;
/// TIMER_ABSTIME of newlib's time.h.
const ABSOLUTE: c_int = 4;

/// struct timespec.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

impl Timespec {
    /// From nanoseconds.
    pub fn new(ns: u64) -> Self {
        Self { seconds: (ns / NS) as i64, nanoseconds: (ns % NS) as i64 }
    }

    /// In nanoseconds; more than fits counts as for ever.
    pub fn ns(&self) -> Result<u64, Errno> {
        let seconds = u64::try_from(self.seconds).map_err(|_| Errno::Invalid)?;
        let rest = u64::try_from(self.nanoseconds).ok().filter(|ns| *ns < NS).ok_or(Errno::Invalid)?;
        Ok(seconds.saturating_mul(NS).saturating_add(rest))
    }
}

/// struct timeval.
#[repr(C)]
struct Timeval {
    seconds: i64,
    microseconds: i64,
}

/// A clock by newlib's number.
pub enum Clock {
    /// Since 1970, following the host's clock.
    Realtime,
    /// What all threads used of the cores.
    CpuTime,
    /// What the calling thread used.
    ThreadTime,
    /// Since boot.
    Monotonic,
}

impl Clock {
    /// By its number.
    pub fn new(number: c_int) -> Result<Self, Errno> {
        match number {
            0 | 1 | 8 => Ok(Self::Realtime),          // REALTIME_COARSE, REALTIME, REALTIME_ALARM
            2 => Ok(Self::CpuTime),                   // PROCESS_CPUTIME_ID
            3 => Ok(Self::ThreadTime),                // THREAD_CPUTIME_ID
            4 | 5 | 6 | 7 | 9 => Ok(Self::Monotonic), // MONOTONIC, _RAW, _COARSE, BOOTTIME, BOOTTIME_ALARM
            _ => Err(Errno::Invalid),
        }
    }

    fn now(&self) -> u64 {
        match self {
            Self::Realtime => clock::realtime(),
            Self::CpuTime => usage::cpu_time(),
            Self::ThreadTime => block::thread().map_or(0, |thread: &Thread| usage::thread_time(thread)),
            Self::Monotonic => clock::monotonic(),
        }
    }
}

/// The time of a clock. Monotonic time, which programs measure with, takes the short way.
#[no_mangle]
unsafe extern "C" fn sys_clock_gettime(number: c_int, time: *mut Timespec) -> c_int {
    let now = if number == CLOCK_MONOTONIC { Ok(clock::monotonic()) } else { other(number) };
    // SAFETY: the caller's own memory, by the contract of the header.
    status(now.map(|ns| unsafe { time.write(Timespec::new(ns)) }))
}

#[inline(never)]
fn other(number: c_int) -> Result<u64, Errno> {
    Clock::new(number).map(|clock| clock.now())
}

/// Its resolution: a nanosecond.
#[no_mangle]
unsafe extern "C" fn sys_clock_getres(number: c_int, time: *mut Timespec) -> c_int {
    status(Clock::new(number).map(|_| {
        if !time.is_null() {
            // SAFETY: the caller's own memory, by the contract of the header.
            unsafe { time.write(Timespec::new(1)) };
        }
    }))
}

/// Sets the realtime clock, in this guest.
#[no_mangle]
unsafe extern "C" fn sys_clock_settime(number: c_int, time: *const Timespec) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    let ns = unsafe { &*time }.ns();
    // Past the year 2262 signed differences of nanoseconds overflow; Linux refuses that, too.
    let ns = ns.and_then(|ns| if ns > i64::MAX as u64 { Err(Errno::Invalid) } else { Ok(ns) });
    status(match Clock::new(number) {
        Ok(Clock::Realtime) => ns.map(clock::set_realtime),
        Ok(_) => Err(Errno::Invalid), // as POSIX and Linux have it for CLOCK_MONOTONIC
        Err(error) => Err(error),
    })
}

/// Sleeps for, or until, a time of a clock.
#[no_mangle]
unsafe extern "C" fn sys_clock_nanosleep(
    number: c_int,
    flags: c_int,
    request: *const Timespec,
    remaining: *mut Timespec,
) -> c_int {
    // SAFETY: the caller's own memory, by the contract of the header.
    let (ns, remaining) = unsafe { ((*request).ns(), remaining.as_mut()) };
    let clock = Clock::new(number).and_then(|clock| match clock {
        Clock::CpuTime | Clock::ThreadTime => Err(Errno::Invalid), // it stands still while one sleeps
        other => Ok(other),
    });
    status(clock.and_then(|clock| {
        let (ns, start) = (ns?, clock::monotonic());
        let absolute = flags & ABSOLUTE != 0;
        let slept = sleep(&clock, absolute, ns);
        if let Some(rest) = remaining.filter(|_| !absolute) {
            *rest = Timespec::new(ns.saturating_sub(clock::monotonic() - start));
        }
        if slept {
            Ok(())
        } else {
            Err(Errno::Interrupted)
        }
    }))
}

/// An absolute realtime sleep looks again: the host's clock may have been stepped meanwhile. False: a signal ended it.
fn sleep(clock: &Clock, absolute: bool, ns: u64) -> bool {
    if !absolute {
        return pause_until(clock::monotonic().saturating_add(ns));
    }
    loop {
        let left = ns.saturating_sub(clock.now());
        if left == 0 {
            return true;
        }
        if !pause_until(clock::monotonic().saturating_add(left.min(NS))) {
            return false;
        }
    }
}

/// Until the time comes (true) or a handler has run.
fn pause_until(deadline: u64) -> bool {
    signal::begin();
    while !wait::sleep_until(deadline) {
        if signal::last_door() {
            return false;
        }
    }
    true
}

/// When a wait for, or until, `time` of `clock` is over, in ns since boot.
pub fn deadline(clock: &Clock, absolute: bool, time: &Timespec) -> Result<u64, Errno> {
    let ns = time.ns()?;
    let left = if absolute { ns.saturating_sub(clock.now()) } else { ns };
    Ok(clock::monotonic().saturating_add(left))
}

/// Sleeps for a time.
#[no_mangle]
unsafe extern "C" fn sys_nanosleep(request: *const Timespec, remaining: *mut Timespec) -> c_int {
    // SAFETY: the same contract.
    unsafe { sys_clock_nanosleep(CLOCK_MONOTONIC, 0, request, remaining) }
}

/// Realtime in microseconds; the time zone is not ours to know.
#[no_mangle]
unsafe extern "C" fn sys_gettimeofday(time: *mut Timeval, _zone: *mut c_void) -> c_int {
    if !time.is_null() {
        let us = clock::realtime() / 1000;
        let value = Timeval { seconds: (us / 1_000_000) as i64, microseconds: (us % 1_000_000) as i64 };
        // SAFETY: the caller's own memory, by the contract of the header.
        unsafe { time.write(value) };
    }
    0
}

/// Sleeps for microseconds.
#[no_mangle]
extern "C" fn sys_usleep(microseconds: u64) -> c_int {
    match pause_until(clock::monotonic().saturating_add(microseconds.saturating_mul(1000))) {
        true => 0,
        false => Errno::Interrupted.code(),
    }
}

/// Sleeps for milliseconds.
#[no_mangle]
extern "C" fn sys_msleep(milliseconds: c_uint) -> c_int {
    sys_usleep(u64::from(milliseconds) * 1000)
}

/// Nanoseconds since boot.
#[no_mangle]
extern "C" fn sys_get_ticks() -> u64 {
    clock::monotonic()
}
