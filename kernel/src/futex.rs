//! Futexes: threads that wait on a word in memory, in lists by the word's address, the most urgent first.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicU32, Ordering};

use crate::arch::block as core_block;
use crate::errno::Errno;
use crate::sync::{Mask, Masked};
use crate::thread::block::{self, Reason};
use crate::thread::{Chain, Link, List, Thread};

/// Lists; a word's is found by its address.
const BUCKETS: usize = 256;

/// The links that these lists use.
struct Waiting;

impl Chain for Waiting {
    fn link(thread: &Thread) -> &Link {
        &thread.waiters
    }
}

static TABLE: [Masked<List<Waiting>>; BUCKETS] = [const { Masked::new(List::new()) }; BUCKETS];

fn bucket(address: u64) -> &'static Masked<List<Waiting>> {
    // Fibonacci hashing: words often stand at equal distances.
    &TABLE[((address >> 2).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize % BUCKETS]
}

fn address(word: &AtomicU32) -> u64 {
    word.as_ptr() as u64
}

/// Waits while `word` holds `expected`, until `deadline` (ns since boot; u64::MAX: for ever). `how` is of `thread::block`.
pub fn wait(word: &AtomicU32, expected: u32, deadline: u64, how: u32) -> Result<(), Errno> {
    let Some(thread) = core_block::thread() else { return Err(Errno::Again) };
    let _mask = Mask::set();
    {
        let mut list = bucket(address(word)).lock();
        if word.load(Ordering::SeqCst) != expected {
            return Err(Errno::Again);
        }
        thread.word.store(address(word), Ordering::Relaxed);
        insert(&mut list, thread);
        block::announce(thread, deadline, how);
    }
    let reason = block::leave(thread);
    let mut list = bucket(address(word)).lock();
    if thread.waiters.is_linked() {
        list.remove(thread);
    }
    match reason {
        Reason::Woken => Ok(()),
        Reason::Time => Err(Errno::TimedOut),
        Reason::Signal => Err(Errno::Interrupted),
    }
}

/// Behind all that are at least as urgent.
fn insert(list: &mut List<Waiting>, thread: &Thread) {
    let level = thread.level.load(Ordering::Relaxed);
    let mut place = list.last();
    while let Some(other) = place.filter(|other| other.level.load(Ordering::Relaxed) < level) {
        place = List::<Waiting>::before(other);
    }
    list.insert_after(place, thread);
}

/// Waits, whatever comes, while `word` holds `expected`: for the libOS's own locks.
pub fn sleep(word: &AtomicU32, expected: u32) {
    // Woken, or it differs already: the caller looks again.
    let _ = wait(word, expected, u64::MAX, 0);
}

/// Wakes at most `count` waiters; gives how many there were.
pub fn wake(word: &AtomicU32, count: u32) -> u32 {
    let address = address(word);
    let mut woken = 0;
    let mut list = bucket(address).lock();
    let mut next = list.first();
    while let Some(thread) = next.filter(|_| woken < count) {
        next = List::<Waiting>::next(thread);
        if thread.word.load(Ordering::Relaxed) == address {
            list.remove(thread);
            // One whose time has come meanwhile does not count.
            woken += u32::from(block::wake(thread, Reason::Woken));
        }
    }
    woken
}
