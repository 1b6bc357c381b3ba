//! Small pieces of the libOS's own memory: pages of pieces of one size, which go back when the last piece of theirs does.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::PAGE;

use super::buddy::Buddy;

/// Bytes of pieces: multiples of 8, from 32 on of 16, so that as many as can be fit into a page behind its header.
const SIZES: [usize; 14] = [16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 672, 1008, 1344];
/// The alignment that all pieces have but those of 24 bytes, which have half of it.
pub const ALIGN: usize = 16;

/// The beginning of a page of pieces.
#[repr(C)]
struct Header {
    /// Neighbours in the list of pages with free pieces. 0: none.
    next: u64,
    before: u64,
    /// The first free piece, which holds the address of the next one. 0: none.
    free: u64,
    used: u64,
}

/// The number of the size that serves `size` bytes.
pub fn number(size: usize, align: usize) -> Option<usize> {
    SIZES.iter().position(|bytes| *bytes >= size && bytes % align == 0)
}

/// Pages with free pieces, by size.
pub struct Slabs {
    lists: [u64; SIZES.len()],
}

fn header(page: u64) -> *mut Header {
    page as *mut Header
}

impl Slabs {
    /// No pages.
    pub const fn none() -> Self {
        Self { lists: [0; SIZES.len()] }
    }

    fn insert(&mut self, page: u64, size: usize) {
        let next = self.lists[size];
        // SAFETY: pages in the lists are ours, and begin with their headers.
        unsafe {
            (*header(page)).next = next;
            (*header(page)).before = 0;
            if next != 0 {
                (*header(next)).before = page;
            }
        }
        self.lists[size] = page;
    }

    fn remove(&mut self, page: u64, size: usize) {
        // SAFETY: as in `insert`: the page is in the list, and so are its neighbours.
        unsafe {
            let Header { next, before, .. } = header(page).read();
            if next != 0 {
                (*header(next)).before = before;
            }
            match before {
                0 => self.lists[size] = next,
                before => (*header(before)).next = next,
            }
        }
    }

    /// Takes a piece, from a new page if need be.
    pub fn take(&mut self, size: usize, buddy: &mut Buddy) -> Option<u64> {
        if self.lists[size] == 0 {
            let page = buddy.take(0)?;
            self.divide(page, size);
            self.insert(page, size);
        }
        let page = self.lists[size];
        // SAFETY: a page in the list has a free piece, which holds the address of the next one.
        let (piece, full) = unsafe {
            let header = &mut *header(page);
            let piece = header.free;
            header.free = (piece as *const u64).read();
            header.used += 1;
            (piece, header.free == 0)
        };
        if full {
            self.remove(page, size);
        }
        Some(piece)
    }

    /// Makes all of a page free pieces, the lowest first.
    fn divide(&mut self, page: u64, size: usize) {
        let first = page + size_of::<Header>() as u64;
        let count = (PAGE as usize - size_of::<Header>()) / SIZES[size];
        let mut next = 0;
        for piece in (0..count).rev() {
            let address = first + (piece * SIZES[size]) as u64;
            // SAFETY: a page that was just taken is ours.
            unsafe { (address as *mut u64).write(next) };
            next = address;
        }
        // SAFETY: the same.
        unsafe { header(page).write(Header { next: 0, before: 0, free: next, used: 0 }) };
    }

    /// Gives a piece back, and its page if that is empty and not the only one; gives a block that `buddy` does not need.
    pub fn give(&mut self, piece: u64, size: usize, buddy: &mut Buddy) -> Option<u64> {
        let page = piece & !(PAGE - 1);
        // SAFETY: the piece is of a page of ours.
        let (was_full, empty) = unsafe {
            let header = &mut *header(page);
            let was_full = header.free == 0;
            (piece as *mut u64).write(header.free);
            header.free = piece;
            header.used -= 1;
            (was_full, header.used == 0)
        };
        if was_full {
            self.insert(page, size);
        }
        // SAFETY: as in `insert`.
        let alone = self.lists[size] == page && unsafe { (*header(page)).next } == 0;
        if !empty || alone {
            return None;
        }
        self.remove(page, size);
        buddy.give(page, 0)
    }
}
