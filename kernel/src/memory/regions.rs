//! The regions of the boot info: where memory is, in virtual and in guest-physical addresses.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use hermit_abi::boot::{Region, MAX_RANGES};
use hermit_abi::Range;

/// All regions.
#[derive(Clone, Copy)]
pub struct Regions {
    list: [Region; MAX_RANGES],
    count: usize,
}

impl Regions {
    /// No memory at all.
    pub const fn none() -> Self {
        Self { list: [Region { va: 0, pa: 0, len: 0 }; MAX_RANGES], count: 0 }
    }

    /// As the boot info has them: ascending, the main one first.
    pub fn new(regions: &[Region]) -> Self {
        let mut all = Self::none();
        all.count = regions.len().min(MAX_RANGES);
        all.list[..all.count].copy_from_slice(&regions[..all.count]);
        all
    }

    fn list(&self) -> &[Region] {
        &self.list[..self.count]
    }

    /// The first region and those that follow it without a gap: one address range for stack, heap and mappings.
    pub fn main(&self) -> Range {
        self.spans().next().unwrap_or_default()
    }

    /// Runs of regions without a gap, ascending.
    pub fn spans(&self) -> impl Iterator<Item = Range> + '_ {
        let mut rest = self.list();
        core::iter::from_fn(move || {
            let first = rest.first()?;
            let mut span = Range::new(first.va, 0);
            while let Some(next) = rest.first().filter(|region| region.va == span.end()) {
                span.len += next.len;
                rest = &rest[1..];
            }
            Some(span)
        })
    }

    /// Guest-physical address of `len` bytes at `va`, if they are contiguous there.
    pub fn physical(&self, va: u64, len: u64) -> Option<u64> {
        let wanted = Range::new(va, len);
        let region = self.list().iter().find(|region| Range::new(region.va, region.len).contains(&wanted))?;
        Some(region.pa + (va - region.va))
    }

    /// The parts of `range` that lie in one region each: virtual range and guest-physical start.
    pub fn pieces(&self, range: Range) -> impl Iterator<Item = (Range, u64)> + '_ {
        self.list().iter().filter_map(move |region| {
            let start = range.start.max(region.va);
            let end = range.end().min(region.va + region.len);
            (start < end).then(|| (Range::new(start, end - start), region.pa + (start - region.va)))
        })
    }

    /// Bytes of all regions.
    pub fn total(&self) -> u64 {
        self.list().iter().map(|region| region.len).sum()
    }
}
