//! Pages of the libOS's own memory: blocks of 2 MiB, divided by halves and joined again.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::{LARGE_PAGE, PAGE};

/// Pages of a block.
const PAGES: usize = (LARGE_PAGE / PAGE) as usize;
/// Runs are of 1 page << 0 to << 8.
pub const ORDERS: usize = 9;
/// No free run begins here.
const NO_RUN: u8 = 0xff;
/// Free pages that stay when an empty block is given back.
const KEPT: usize = 64;

/// Begins a free run: its neighbours in the list of its order. 0: none.
struct Run {
    next: u64,
    before: u64,
}

/// The first page of a block.
struct Header {
    /// Order of the free run that begins with a page.
    runs: [u8; PAGES],
    free: usize,
}

/// The blocks.
pub struct Buddy {
    lists: [u64; ORDERS],
    free: usize,
}

fn block(address: u64) -> u64 {
    address & !(LARGE_PAGE - 1)
}

fn page(address: u64) -> usize {
    ((address % LARGE_PAGE) / PAGE) as usize
}

fn header(address: u64) -> *mut Header {
    block(address) as *mut Header
}

impl Buddy {
    /// No blocks.
    pub const fn none() -> Self {
        Self { lists: [0; ORDERS], free: 0 }
    }

    /// Free pages.
    pub fn free_pages(&self) -> usize {
        self.free
    }

    /// Adds a block: memory that the caller gives away, `LARGE_PAGE` bytes at a multiple of that.
    pub fn add(&mut self, block: u64) {
        // SAFETY: the block is the caller's to give; its first page holds the header.
        unsafe { header(block).write(Header { runs: [NO_RUN; PAGES], free: PAGES - 1 }) };
        self.free += PAGES - 1;
        for order in 0..ORDERS {
            self.insert(block + (PAGE << order), order);
        }
    }

    fn insert(&mut self, run: u64, order: usize) {
        let next = self.lists[order];
        // SAFETY: a free run is ours, and so are the header of its block and the run that was first.
        unsafe {
            (run as *mut Run).write(Run { next, before: 0 });
            if next != 0 {
                (*(next as *mut Run)).before = run;
            }
            (&mut (*header(run)).runs)[page(run)] = order as u8;
        }
        self.lists[order] = run;
    }

    fn remove(&mut self, run: u64, order: usize) {
        // SAFETY: as in `insert`: the run is in the list, and so are its neighbours.
        unsafe {
            let Run { next, before } = (run as *const Run).read();
            if next != 0 {
                (*(next as *mut Run)).before = before;
            }
            match before {
                0 => self.lists[order] = next,
                before => (*(before as *mut Run)).next = next,
            }
            (&mut (*header(run)).runs)[page(run)] = NO_RUN;
        }
    }

    fn count(&mut self, run: u64, pages: usize, taken: bool) -> usize {
        // SAFETY: the header of a block of ours.
        let header = unsafe { &mut *header(run) };
        if taken {
            header.free -= pages;
            self.free -= pages;
        } else {
            header.free += pages;
            self.free += pages;
        }
        header.free
    }

    /// Takes a run of 1 << `order` pages.
    pub fn take(&mut self, order: usize) -> Option<u64> {
        let from = (order..ORDERS).find(|order| self.lists[*order] != 0)?;
        let run = self.lists[from];
        self.remove(run, from);
        for half in (order..from).rev() {
            self.insert(run + (PAGE << half), half);
        }
        self.count(run, 1 << order, true);
        Some(run)
    }

    /// Gives a run back; a block that is empty then, and not needed, is the caller's again.
    pub fn give(&mut self, run: u64, order: usize) -> Option<u64> {
        let in_block = self.count(run, 1 << order, false);
        let (mut run, mut order) = (run, order);
        while order + 1 < ORDERS {
            let other = run ^ (PAGE << order);
            // SAFETY: the header of a block of ours.
            if unsafe { (&(*header(run)).runs)[page(other)] } as usize != order {
                break;
            }
            self.remove(other, order);
            run = run.min(other);
            order += 1;
        }
        self.insert(run, order);
        if in_block < PAGES - 1 || self.free - in_block < KEPT {
            return None;
        }
        for order in 0..ORDERS {
            self.remove(block(run) + (PAGE << order), order);
        }
        self.free -= in_block;
        Some(block(run))
    }
}
