//! A core's run queue: a list for each level, and a bit for each list that is not empty.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering;

use super::list::{Chain, Link, List};
use super::policy::LEVELS;
use super::Thread;

/// The links that run queues use.
struct Queued;

impl Chain for Queued {
    fn link(thread: &Thread) -> &Link {
        &thread.queue
    }
}

/// The queue.
pub struct RunQueue {
    levels: [List<Queued>; LEVELS],
    used: u64,
    count: u32,
}

impl RunQueue {
    /// An empty one.
    pub const fn new() -> Self {
        Self { levels: [const { List::new() }; LEVELS], used: 0, count: 0 }
    }

    /// Threads in it.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The level of its most urgent thread; 0: it is empty.
    pub fn top(&self) -> u8 {
        63_u32.saturating_sub(self.used.leading_zeros()) as u8
    }

    /// Puts a thread behind all of its level.
    pub fn push_back(&mut self, thread: &Thread) {
        let level = self.note(thread);
        self.levels[level].push_back(thread);
    }

    /// Puts a thread before all of its level.
    pub fn push_front(&mut self, thread: &Thread) {
        let level = self.note(thread);
        self.levels[level].push_front(thread);
    }

    /// Puts a thread behind the first of its level.
    pub fn push_second(&mut self, thread: &Thread) {
        let level = self.note(thread);
        let first = self.levels[level].first();
        self.levels[level].insert_after(first, thread);
    }

    fn note(&mut self, thread: &Thread) -> usize {
        let level = usize::from(thread.level.load(Ordering::Relaxed)).min(LEVELS - 1);
        // Its level may change while it is here.
        thread.queued_level.store(level as u8, Ordering::Relaxed);
        self.used |= 1 << level;
        self.count += 1;
        level
    }

    /// Takes the most urgent thread that may run on `core`, and that stands on no other core's stack any more: two cores that are about
    /// to leave a thread each must not wait for one another. `current` is the thread that stands on this one's.
    pub fn pop(&mut self, core: usize, current: u32) -> Option<&'static Thread> {
        let mut levels = self.used;
        while levels != 0 {
            let level = 63 - levels.leading_zeros() as usize;
            let mut next = self.levels[level].first();
            while let Some(thread) = next {
                let here = !thread.on_core.load(Ordering::Acquire) || thread.id() == current;
                if here && thread.may_run_on(core) {
                    self.remove_at(level, thread);
                    return Some(thread);
                }
                next = List::<Queued>::next(thread);
            }
            levels &= !(1 << level);
        }
        None
    }

    /// Takes a thread out that is in this queue.
    pub fn remove(&mut self, thread: &Thread) {
        self.remove_at(usize::from(thread.queued_level.load(Ordering::Relaxed)), thread);
    }

    fn remove_at(&mut self, level: usize, thread: &Thread) {
        self.levels[level].remove(thread);
        self.count -= 1;
        if self.levels[level].first().is_none() {
            self.used &= !(1 << level);
        }
    }
}
