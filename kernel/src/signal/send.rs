//! Sending: marks a signal as pending and makes a thread look that can take it.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering::SeqCst;

use super::{is_cancel, threads, State, PENDING, SHARED};
use crate::errno::Errno;
use hermit_signal::numbers::{bit, lowest, CANCEL, REALTIME};
use hermit_signal::queue::{Info, Overrun, PROCESS, SI_TIMER};

/// SIGVTALRM and SIGPROF.
const TIME_USED: [u32; 2] = [26, 27];

/// Who shall get a signal.
#[derive(Clone, Copy)]
pub enum Receiver {
    /// Any thread.
    Process,
    /// The one of this number.
    Thread(u32),
}

impl Receiver {
    /// 0 is the process.
    pub fn new(tid: i32) -> Result<Self, Errno> {
        match u32::try_from(tid) {
            Ok(PROCESS) => Ok(Self::Process),
            Ok(tid) if threads::find(tid).is_some() => Ok(Self::Thread(tid)),
            _ => Err(Errno::NoProcess),
        }
    }
}

/// Sends; number 0 only asks if it could.
pub fn send(receiver: Receiver, info: Info) -> Result<(), Errno> {
    send_with(receiver, info, None)
}

/// A timer's signal; while one of the same timer is pending it counts there.
pub fn to_timer(
    receiver: Receiver,
    number: u32,
    value: u64,
    timer: u32,
    count: u32,
    overrun: Overrun,
) -> Result<(), Errno> {
    if SHARED.lock().queue.merge(overrun, count) {
        return Ok(());
    }
    let first = u64::from(timer) | u64::from(count.saturating_sub(1)) << 32;
    send_with(receiver, Info { number, code: SI_TIMER, first, value, ..Info::default() }, Some(overrun))
}

fn send_with(receiver: Receiver, info: Info, overrun: Option<Overrun>) -> Result<(), Errno> {
    if info.number == 0 {
        return Ok(());
    }
    match receiver {
        Receiver::Thread(tid) => {
            let state = threads::find(tid).ok_or(Errno::NoProcess)?;
            if pend(Some((tid, state)), info, overrun)? {
                kick(tid, state, bit(info.number));
            }
        }
        Receiver::Process => {
            if pend(None, info, overrun)? {
                offer();
            }
        }
    }
    Ok(())
}

/// Marks as pending; false if the signal is ignored, and nobody blocks it to wait for it.
fn pend(thread: Option<(u32, &State)>, info: Info, overrun: Option<Overrun>) -> Result<bool, Errno> {
    let set = bit(info.number);
    let mut shared = SHARED.lock();
    if shared.actions.get(info.number).ignores(info.number) && !is_cancel(info.number) && !may_wait(thread, set) {
        return Ok(false);
    }
    let (target, before) = match thread {
        Some((tid, state)) => (tid, state.pending()),
        None => (PROCESS, PENDING.load(SeqCst)),
    };
    // The ordinary ones are there or not, and the first one's siginfo stays.
    if info.number >= REALTIME && info.number != CANCEL || before & set == 0 {
        shared.queue.push(target, info, overrun).map_err(|_| Errno::Again)?;
    }
    match thread {
        Some((_, state)) => state.pend(set),
        None => {
            PENDING.fetch_or(set, SeqCst);
        }
    }
    Ok(true)
}

/// Does the receiver block it, or wait for it?
fn may_wait(thread: Option<(u32, &State)>, set: u64) -> bool {
    let waits = |state: &State| (state.mask() | state.waited()) & set != 0;
    match thread {
        Some((_, state)) => waits(state),
        None => threads::all().any(|(_, state)| waits(state)),
    }
}

/// Makes threads look at what is pending for the process: for each signal one that does not block it, the caller before all others, or
/// one that waits for it.
pub(super) fn offer() {
    let mut left = PENDING.load(SeqCst);
    while let Some(number) = lowest(left) {
        let set = bit(number);
        left &= !set;
        let caller = threads::all().find(|(tid, state)| *tid == threads::current_id() && state.mask() & set == 0);
        let waiter = || threads::all().find(|(_, state)| state.waited() & set != 0);
        // A signal about time used is for a thread that uses it.
        let user = || threads::running().find(|(_, state)| TIME_USED.contains(&number) && state.mask() & set == 0);
        let any = || threads::all().find(|(_, state)| state.mask() & set == 0);
        if let Some((tid, state)) = caller.or_else(waiter).or_else(user).or_else(any) {
            kick(tid, state, set);
        }
    }
}

/// Makes a thread look, if it does not block all of `set`.
fn kick(tid: u32, state: &State, set: u64) {
    if set & (!state.mask() | state.waited()) != 0 {
        threads::disturb(tid);
    }
}

/// Forgets what is pending of a signal that is ignored now.
pub(super) fn discard(number: u32) {
    let set = bit(number);
    let mut shared = SHARED.lock();
    PENDING.fetch_and(!set, SeqCst);
    shared.queue.drop(PROCESS, number);
    for (tid, state) in threads::all() {
        state.unpend(set);
        shared.queue.drop(tid, number);
    }
}

/// A thread's end: what was sent to it alone is lost, what it was to take for the process goes to another.
pub fn end_thread(tid: u32) {
    SHARED.lock().queue.drop(tid, 0);
    if PENDING.load(SeqCst) != 0 {
        offer();
    }
}
