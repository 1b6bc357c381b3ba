//! Guest-host ABI: every structure, port, vector and number that guest, nub and host share. Pure data and pure functions.
// SPDX-License-Identifier: BSD-3-Clause
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod boot;
pub mod control;
pub mod core;
pub mod elf;
pub mod fault;
pub mod isa;
pub mod layout;
pub mod note;
pub mod paging;
pub mod ring;

/// Version of everything in this crate. Boot info and ELF note carry it; a mismatch is refused before boot.
pub const ABI_VERSION: u32 = 2;

/// Bytes of a small page.
pub const PAGE: u64 = 4096;

/// Bytes of a large page.
pub const LARGE_PAGE: u64 = 2 << 20;

/// A half-open range of addresses: `start .. start + len`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// First address.
    pub start: u64,
    /// Length in bytes; 0 means none.
    pub len: u64,
}

impl Range {
    /// A range from its first address and its length in bytes.
    pub const fn new(start: u64, len: u64) -> Self {
        Self { start, len }
    }

    /// The address after the last one; saturates instead of wrapping.
    pub const fn end(&self) -> u64 {
        self.start.saturating_add(self.len)
    }

    /// True if no address is in the range.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// True if `other` lies wholly inside.
    pub const fn contains(&self, other: &Range) -> bool {
        other.start >= self.start && other.end() <= self.end()
    }

    /// True if any address is in both.
    pub const fn overlaps(&self, other: &Range) -> bool {
        self.start < other.end() && other.start < self.end()
    }
}
