//! Waiting for signals. No thread that does can be part of a deadlock: who sends them may be anyone.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering::SeqCst;

use super::{begin, deliver, last_door, send, threads, Info, PENDING};
use crate::errno::Errno;
use crate::thread::block::{self, Reason, EXTERNAL, INTERRUPTIBLE};

/// Sleeps with `mask` until `deadline` (ns since boot, u64::MAX never), at the latest until a handler has run.
pub fn sleep(mask: u64, deadline: u64) -> Result<(), Errno> {
    let Some(state) = threads::current() else { return Ok(()) };
    begin();
    state.suspend(mask);
    deliver::check(state);
    let result = loop {
        match pause(deadline) {
            Ok(()) => {}
            Err(Errno::TimedOut) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    // If no handler brought the mask back.
    let before = state.take_resumed();
    super::change_mask(|_| before);
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
