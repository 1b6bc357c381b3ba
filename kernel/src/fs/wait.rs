//! Waiting for files to change: each side of a pipe on a word of its own, poll on one for all files.
// SPDX-License-Identifier: BSD-3-Clause
use core::sync::atomic::{AtomicU32, Ordering};

use crate::errno::Errno;
use crate::futex;
use crate::thread::block::{EXTERNAL, INTERRUPTIBLE};

/// Threads that poll.
static POLLERS: AtomicU32 = AtomicU32::new(0);
/// Counts what may have changed while there are any.
static CHANGES: AtomicU32 = AtomicU32::new(0);

/// Counts changes that somebody may wait for.
pub struct Changes(AtomicU32);

impl Changes {
    /// None yet.
    pub const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// To be asked before one looks whether one has to wait.
    pub fn seen(&self) -> u32 {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits for a change since `seen`, or a signal.
    pub fn wait(&self, seen: u32) -> Result<(), Errno> {
        match futex::wait(&self.0, seen, u64::MAX, INTERRUPTIBLE) {
            Err(Errno::Interrupted) => Err(Errno::Interrupted),
            _ => Ok(()),
        }
    }

    /// Something has changed: all that wait look again.
    pub fn tell(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
        futex::wake(&self.0, u32::MAX);
        tell_pollers();
    }
}

/// The same for those that poll.
pub fn tell_pollers() {
    if POLLERS.load(Ordering::SeqCst) > 0 {
        CHANGES.fetch_add(1, Ordering::SeqCst);
        futex::wake(&CHANGES, u32::MAX);
    }
}

/// One who polls, until it is dropped.
pub struct Poller(());

impl Poller {
    /// From here on no change is missed.
    pub fn new() -> Self {
        POLLERS.fetch_add(1, Ordering::SeqCst);
        Self(())
    }

    /// To be asked before one looks.
    pub fn seen(&self) -> u32 {
        CHANGES.load(Ordering::SeqCst)
    }

    /// Waits for a change since `seen`, until `deadline` or a signal, which may always come from outside.
    pub fn wait(&self, seen: u32, deadline: u64) -> Result<(), Errno> {
        match futex::wait(&CHANGES, seen, deadline, INTERRUPTIBLE | EXTERNAL) {
            Err(Errno::Interrupted) => Err(Errno::Interrupted),
            _ => Ok(()),
        }
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        POLLERS.fetch_sub(1, Ordering::SeqCst);
    }
}
