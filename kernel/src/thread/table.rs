//! All threads by their numbers. Slots come in chunks and stay for good; the ones of ended threads are used again, with their stacks.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicU32, Ordering};

use spin::Once;

use super::list::{Chain, Link, List};
use super::{State, Thread};
use crate::errno::Errno;
use crate::memory;
use crate::sync::{Masked, Mutex};

/// Slots of a chunk.
const CHUNK: usize = 16;
/// Most chunks: 32,768 threads, as on many a Linux.
const CHUNKS: usize = 2048;

static TABLE: [Once<&'static [Thread]>; CHUNKS] = [const { Once::new() }; CHUNKS];
/// Chunks there are; the lock makes more.
static GROWTH: Mutex<()> = Mutex::new(());
static COUNT: AtomicU32 = AtomicU32::new(0);

/// The list of free slots.
struct Free;

impl Chain for Free {
    fn link(thread: &Thread) -> &Link {
        &thread.queue
    }
}

static FREE: Masked<List<Free>> = Masked::new(List::new());

/// The main thread's number.
pub const MAIN: u32 = 1;

/// Makes the first slots at boot; the first of them is the main thread's.
pub fn init() -> &'static Thread {
    let chunk = memory::slice_at_boot(CHUNK, |index| Thread::new(1 + index as u32));
    add(0, chunk);
    take(|thread| thread.id() == MAIN).unwrap_or(&chunk[0])
}

fn add(number: usize, chunk: &'static [Thread]) {
    TABLE[number].call_once(|| chunk);
    COUNT.store(number as u32 + 1, Ordering::Release);
    let mut free = FREE.lock();
    // The last one is taken first: the lowest number.
    chunk.iter().rev().for_each(|thread| free.push_back(thread));
}

/// The thread in slot `id`, whatever its state; 0 and numbers never used give none.
#[inline(always)]
pub fn get(id: u32) -> Option<&'static Thread> {
    let index = (id as usize).wrapping_sub(1);
    TABLE.get(index / CHUNK)?.get().map(|chunk| &chunk[index % CHUNK])
}

/// The thread `id` if it is one that exists: started or not, but not ended.
pub fn find(id: u32) -> Option<&'static Thread> {
    get(id).filter(|thread| !matches!(thread.state(), State::Free | State::Ended))
}

/// All slots.
pub fn all() -> impl Iterator<Item = &'static Thread> {
    (0..COUNT.load(Ordering::Acquire) as usize).filter_map(|chunk| TABLE[chunk].get()).flat_map(|chunk| chunk.iter())
}

/// A free slot that `fits`, searched among the first few: the one that was used last comes first.
pub fn take(fits: impl Fn(&Thread) -> bool) -> Option<&'static Thread> {
    const FEW: usize = 64;
    let mut free = FREE.lock();
    let mut next = free.first();
    for _ in 0..FEW {
        let thread = next?;
        if fits(thread) {
            free.remove(thread);
            thread.set_state(State::New);
            return Some(thread);
        }
        next = List::<Free>::next(thread);
    }
    None
}

/// The last free slot that `fits`: those without memory are at the list's end.
pub fn take_last(fits: impl Fn(&Thread) -> bool) -> Option<&'static Thread> {
    let mut free = FREE.lock();
    let mut place = free.last();
    while let Some(thread) = place {
        if fits(thread) {
            free.remove(thread);
            thread.set_state(State::New);
            return Some(thread);
        }
        place = List::<Free>::before(thread);
    }
    None
}

/// Makes more free slots.
pub fn grow() -> Result<(), Errno> {
    let _growth = GROWTH.lock();
    let number = COUNT.load(Ordering::Acquire) as usize;
    if number == CHUNKS {
        return Err(Errno::Again);
    }
    let first = 1 + (number * CHUNK) as u32;
    let chunk = memory::slice(CHUNK, |index| Thread::new(first + index as u32)).map_err(|_| Errno::Again)?;
    add(number, chunk);
    Ok(())
}

/// Gives a slot back: its stack stays with it, for the next thread of that size.
pub fn release(thread: &'static Thread) {
    let mut free = FREE.lock();
    thread.set_state(State::Free);
    if thread.block().is_some() {
        free.push_front(thread);
    } else {
        free.push_back(thread);
    }
}
