//! Lists of threads, linked by the threads' numbers: no allocation, and safe whatever happens to them.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::marker::PhantomData;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use super::{table, Thread};

/// A thread's place in one kind of list. Changed only with the list's lock held.
#[derive(Debug)]
pub struct Link {
    next: AtomicU32,
    before: AtomicU32,
    linked: AtomicBool,
}

impl Link {
    /// In no list.
    pub const fn none() -> Self {
        Self { next: AtomicU32::new(0), before: AtomicU32::new(0), linked: AtomicBool::new(false) }
    }

    /// True if the thread is in a list of this kind.
    pub fn is_linked(&self) -> bool {
        self.linked.load(Ordering::Relaxed)
    }
}

/// A kind of list: which of a thread's links it uses.
pub trait Chain {
    /// That link.
    fn link(thread: &Thread) -> &Link;
}

/// A list. Its owner is a lock.
pub struct List<C> {
    first: u32,
    last: u32,
    chain: PhantomData<C>,
}

impl<C: Chain> List<C> {
    /// An empty list.
    pub const fn new() -> Self {
        Self { first: 0, last: 0, chain: PhantomData }
    }

    /// The first thread.
    pub fn first(&self) -> Option<&'static Thread> {
        table::get(self.first)
    }

    /// The last thread.
    pub fn last(&self) -> Option<&'static Thread> {
        table::get(self.last)
    }

    /// The thread behind `thread`.
    pub fn next(thread: &Thread) -> Option<&'static Thread> {
        table::get(C::link(thread).next.load(Ordering::Relaxed))
    }

    /// The thread before `thread`.
    pub fn before(thread: &Thread) -> Option<&'static Thread> {
        table::get(C::link(thread).before.load(Ordering::Relaxed))
    }

    /// Puts `thread` behind `place`; None: at the front.
    pub fn insert_after(&mut self, place: Option<&Thread>, thread: &Thread) {
        let (before, next) = match place {
            Some(place) => (place.id(), C::link(place).next.load(Ordering::Relaxed)),
            None => (0, self.first),
        };
        let link = C::link(thread);
        link.before.store(before, Ordering::Relaxed);
        link.next.store(next, Ordering::Relaxed);
        link.linked.store(true, Ordering::Relaxed);
        self.join(before, thread.id());
        self.join(thread.id(), next);
    }

    /// Puts `thread` at the end.
    pub fn push_back(&mut self, thread: &Thread) {
        self.insert_after(self.last(), thread);
    }

    /// Puts `thread` at the front.
    pub fn push_front(&mut self, thread: &Thread) {
        self.insert_after(None, thread);
    }

    /// Takes `thread`, which is in this list, out of it.
    pub fn remove(&mut self, thread: &Thread) {
        let link = C::link(thread);
        self.join(link.before.load(Ordering::Relaxed), link.next.load(Ordering::Relaxed));
        link.linked.store(false, Ordering::Relaxed);
    }

    /// Makes `right` follow `left`; 0 is the list's end.
    fn join(&mut self, left: u32, right: u32) {
        match table::get(left) {
            Some(thread) => C::link(thread).next.store(right, Ordering::Relaxed),
            None => self.first = right,
        }
        match table::get(right) {
            Some(thread) => C::link(thread).before.store(left, Ordering::Relaxed),
            None => self.last = left,
        }
    }
}
