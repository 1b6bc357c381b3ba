//! Waiting for signals. No thread that does can be part of a deadlock: who sends them may be anyone.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering::SeqCst;

use super::{begin, deliver, last_door, send, threads, Info, PENDING};
use crate::errno::Errno;
use crate::thread::block::{self, Reason, EXTERNAL, INTERRUPTIBLE};

/// Sleeps with `mask` until `deadline` (ns since boot, u64::MAX never), at the latest until a handler has run.
pub fn sleep(mask: u64, deadline: u64) -> Result<(), Errno> {
    interruptible_with(Some(mask), || match block::sleep_until(deadline, INTERRUPTIBLE | EXTERNAL) {
        Reason::Time => Ok(()),
        _ => Err(Errno::Interrupted),
    })
}

/// Makes a call that waits, with `mask` if there is one, again and again until it is done or a handler has run, SA_RESTART or not.
pub fn interruptible_with<T>(mask: Option<u64>, mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    begin();
    let state = threads::current();
    if let (Some(state), Some(mask)) = (state, mask) {
        state.suspend(mask);
        deliver::check(state);
    }
    let result = loop {
        match call() {
            Err(Errno::Interrupted) if !last_door() => {}
            done => break done,
        }
    };
    if let Some(state) = state.filter(|_| mask.is_some()) {
        // If no handler brought the mask back.
        let before = state.take_resumed();
        super::change_mask(|_| before);
    }
    result
}

/// Takes a signal of `set`, waiting for it at most until `deadline`.
pub fn wait(set: u64, deadline: u64) -> Result<Info, Errno> {
    let Some(state) = threads::current() else { return Err(Errno::Again) };
    begin();
    state.wait_for(set);
    let got = loop {
        // What is sent from here on makes the pause end at once.
        state.looked();
        if let Some(info) = deliver::take(state, set) {
            break Ok(info);
        }
        deliver::check(state);
        match pause(deadline) {
            Ok(()) => {}
            Err(Errno::TimedOut) => break Err(Errno::Again),
            Err(error) => break Err(error),
        }
    };
    state.wait_for(0);
    deliver::check(state);
    // One that was to be taken here may be there still.
    if PENDING.load(SeqCst) & set != 0 {
        send::offer();
    }
    got
}

/// Waits until somebody calls for attention, and lets handlers run.
fn pause(deadline: u64) -> Result<(), Errno> {
    let reason = block::sleep_until(deadline, INTERRUPTIBLE | EXTERNAL);
    if last_door() {
        return Err(Errno::Interrupted);
    }
    match reason {
        Reason::Time => Err(Errno::TimedOut),
        _ => Ok(()),
    }
}
