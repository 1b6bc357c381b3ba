//! What was sent and not taken yet: siginfo of each pending signal, in order.
// SPDX-License-Identifier: BSD-3-Clause
use core::sync::atomic::{AtomicI32, Ordering};

/// si_code: kill, raise, pthread_kill.
pub const SI_USER: i32 = 0;
/// si_code: sigqueue.
pub const SI_QUEUE: i32 = -1;
/// si_code: a timer.
pub const SI_TIMER: i32 = -2;

/// SIGQUEUE_MAX: what sigqueue may have pending.
pub const QUEUED_MAX: usize = 32;
/// Room for those, for as many timers, and for siginfo of the others.
const ROOM: usize = 128;

/// siginfo_t, glibc's layout.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Info {
    /// Signal.
    pub number: u32,
    /// Always 0.
    pub errno: i32,
    /// SI_*, or what a fault was.
    pub code: i32,
    /// Padding.
    pub pad: u32,
    /// Sender (pid, uid) or timer (number, overrun), or the fault's address.
    pub first: u64,
    /// sigval.
    pub value: u64,
    /// Not used.
    pub rest: [u64; 12],
}

impl Info {
    /// Of a signal that a program sent.
    pub fn sent(number: u32, code: i32, value: u64) -> Self {
        Self { number, code, first: 1, value, ..Self::default() }
    }
}

/// To whom a signal was sent.
pub type Target = u32;
/// The process: any of its threads may take it.
pub const PROCESS: Target = 0;

/// Where a timer wants its overruns counted.
pub type Overrun = &'static AtomicI32;

#[derive(Clone, Copy)]
struct Entry {
    target: Target,
    info: Info,
    overrun: Option<Overrun>,
}

/// The queue.
pub struct Queue {
    entries: [Entry; ROOM],
    len: usize,
}

/// More is queued than may be.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

impl Queue {
    /// An empty one.
    pub const fn new() -> Self {
        let info = Info { number: 0, errno: 0, code: 0, pad: 0, first: 0, value: 0, rest: [0; 12] };
        Self { entries: [Entry { target: PROCESS, info, overrun: None }; ROOM], len: 0 }
    }

    /// Adds one. Of sigqueue's too many are an error; of the others what does not fit loses only its siginfo.
    pub fn push(&mut self, target: Target, info: Info, overrun: Option<Overrun>) -> Result<(), Full> {
        let limited = info.code == SI_QUEUE;
        let queued = self.entries[..self.len].iter().filter(|entry| entry.info.code == SI_QUEUE).count();
        if limited && queued >= QUEUED_MAX {
            return Err(Full);
        }
        match self.entries.get_mut(self.len) {
            Some(entry) => {
                *entry = Entry { target, info, overrun };
                self.len += 1;
                Ok(())
            }
            None if limited => Err(Full),
            None => Ok(()),
        }
    }

    /// If a signal of this timer is pending still, it stands for `count` more expirations.
    pub fn merge(&mut self, overrun: Overrun, count: u32) -> bool {
        let same = |entry: &&mut Entry| entry.overrun.is_some_and(|other| core::ptr::eq(other, overrun));
        let Some(entry) = self.entries[..self.len].iter_mut().find(same) else { return false };
        let before = (entry.info.first >> 32) as u32;
        let now = before.saturating_add(count).min(i32::MAX as u32);
        entry.info.first = entry.info.first & 0xffff_ffff | u64::from(now) << 32;
        true
    }

    /// Is any such signal left?
    pub fn has(&self, target: Target, number: u32) -> bool {
        self.find(target, number).is_some()
    }

    /// Takes the oldest one; without an entry the bare number.
    pub fn take(&mut self, target: Target, number: u32) -> Info {
        let Some(at) = self.find(target, number) else { return Info::sent(number, SI_USER, 0) };
        let entry = self.remove(at);
        if let Some(overrun) = entry.overrun {
            overrun.store((entry.info.first >> 32) as i32, Ordering::Relaxed);
        }
        entry.info
    }

    /// Drops what was sent to a target, `number` 0: all of it.
    pub fn drop(&mut self, target: Target, number: u32) {
        while let Some(at) = self.find(target, number) {
            self.remove(at);
        }
    }

    fn find(&self, target: Target, number: u32) -> Option<usize> {
        let wanted = |entry: &Entry| entry.target == target && (number == 0 || entry.info.number == number);
        self.entries[..self.len].iter().position(wanted)
    }

    fn remove(&mut self, at: usize) -> Entry {
        let entry = self.entries[at];
        self.entries.copy_within(at + 1..self.len, at);
        self.len -= 1;
        entry
    }
}
