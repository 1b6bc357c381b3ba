//! The libOS's own memory after boot: what `alloc` takes, and what files are kept in. Small pieces come from `slab`,
//! pages from `buddy`, 2 MiB and more from the regions. A program without files takes none of it.
// SPDX-License-Identifier: BSD-3-Clause
use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering};

use hermit_abi::layout::round_up;
use hermit_abi::{Range, LARGE_PAGE, PAGE};
use hermit_fs::NoSpace;

use super::buddy::{Buddy, ORDERS};
use super::slab::{self, Slabs};
use super::MEMORY;
use crate::sync::Masked;

/// Pages that are free before anything is begun that must not fail in the middle.
const RESERVE: usize = 16;
/// Pages that what is asked for with an answer leaves to the rest: to that, and to calls that only look.
const SPARED: usize = 2 * RESERVE;

struct Pool {
    slabs: Slabs,
    buddy: Buddy,
}

static POOL: Masked<Pool> = Masked::new(Pool { slabs: Slabs::none(), buddy: Buddy::none() });
/// Free pages, as they were a moment ago.
static FREE: AtomicUsize = AtomicUsize::new(0);

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

/// The size of pieces that serves a layout; None: it takes pages.
fn small(layout: Layout) -> Option<usize> {
    slab::number(layout.size(), layout.align()).filter(|_| layout.align() <= slab::ALIGN)
}

/// The order of the run that serves `size` bytes.
fn order(size: usize) -> usize {
    size.div_ceil(PAGE as usize).next_power_of_two().trailing_zeros() as usize
}

impl Pool {
    fn take(&mut self, layout: Layout) -> Option<u64> {
        let taken = match small(layout) {
            Some(size) => self.slabs.take(size, &mut self.buddy),
            None => self.buddy.take(order(layout.size())),
        };
        FREE.store(self.buddy.free_pages(), Ordering::Relaxed);
        taken
    }

    /// Gives a block that is nobody's any more.
    fn give(&mut self, address: u64, layout: Layout) -> Option<u64> {
        let block = match small(layout) {
            Some(size) => self.slabs.give(address, size, &mut self.buddy),
            None => self.buddy.give(address, order(layout.size())),
        };
        FREE.store(self.buddy.free_pages(), Ordering::Relaxed);
        block
    }
}

/// More than a block's largest run.
fn is_huge(layout: Layout) -> bool {
    layout.size() > (PAGE as usize) << (ORDERS - 1)
}

/// Takes bytes of the regions; what is in them may be anything.
fn region(len: u64, align: u64) -> Option<u64> {
    MEMORY.lock().take(len, align).ok()
}

fn add_block() -> Option<()> {
    let block = region(LARGE_PAGE, LARGE_PAGE)?;
    let mut pool = POOL.lock();
    pool.buddy.add(block);
    FREE.store(pool.buddy.free_pages(), Ordering::Relaxed);
    Some(())
}

/// Takes memory, aligned to its layout, for those who can do without.
pub(super) fn take(layout: Layout) -> Option<u64> {
    take_leaving(SPARED, layout)
}

/// The same, if `spared` pages stay free.
fn take_leaving(spared: usize, layout: Layout) -> Option<u64> {
    if is_huge(layout) {
        let align = if layout.size() as u64 >= LARGE_PAGE { LARGE_PAGE } else { PAGE };
        return region(round_up(layout.size() as u64, PAGE), align);
    }
    loop {
        let taken = {
            let mut pool = POOL.lock();
            let enough = pool.buddy.free_pages() >= spared + (1 << order(layout.size()));
            if spared == 0 || enough {
                pool.take(layout)
            } else {
                None
            }
        };
        if taken.is_some() {
            return taken;
        }
        add_block()?;
    }
}

/// Gives back what `take` gave for the same layout.
pub(super) fn give(address: u64, layout: Layout) {
    let free = if is_huge(layout) {
        Some(Range::new(address, round_up(layout.size() as u64, PAGE)))
    } else {
        POOL.lock().give(address, layout).map(|block| Range::new(block, LARGE_PAGE))
    };
    if let Some(range) = free {
        MEMORY.lock().free(range);
    }
}

/// Sees to it that small things can be made: to be asked before a change that must not fail in the middle.
pub fn secure() -> Result<(), NoSpace> {
    if FREE.load(Ordering::Relaxed) >= RESERVE {
        return Ok(());
    }
    add_block().ok_or(NoSpace)
}

// SAFETY: pieces are of their layout's size and alignment at least, and each is handed out once until it comes back.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // what is larger than this is asked for by try_reserve
        let spared = if layout.size() > PAGE as usize { SPARED } else { 0 };
        take_leaving(spared, layout).unwrap_or(0) as *mut u8
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        give(pointer as u64, layout);
    }
}
