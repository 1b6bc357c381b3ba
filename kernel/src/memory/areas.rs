//! Which parts of the regions are handed out as mappings: a sorted list of areas. What is in none is free, mapped and zero.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use hermit_abi::layout::round_up;
use hermit_abi::{Range, PAGE};

use crate::errno::Errno;

/// Most areas; neighbours of one kind are one area, so only scattered ones count.
const MAX_AREAS: usize = 1024;

/// Kind of an area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Handed out.
    Used,
    /// Given back: free, but unmapped, and its bytes are not zero.
    Returned,
}

#[derive(Clone, Copy)]
struct Area {
    start: u64,
    end: u64,
    kind: Kind,
}

/// The list.
pub struct Areas {
    list: [Area; MAX_AREAS],
    count: usize,
}

impl Areas {
    /// Nothing handed out.
    pub const fn none() -> Self {
        Self { list: [Area { start: 0, end: 0, kind: Kind::Used }; MAX_AREAS], count: 0 }
    }

    fn list(&self) -> &[Area] {
        &self.list[..self.count]
    }

    /// The parts of `range` that are of `kind`.
    pub fn parts(&self, range: Range, kind: Kind) -> impl Iterator<Item = Range> + '_ {
        self.list().iter().filter(move |area| area.kind == kind).filter_map(move |area| {
            let (start, end) = (area.start.max(range.start), area.end.min(range.end()));
            (start < end).then(|| Range::new(start, end - start))
        })
    }

    /// Bytes handed out.
    pub fn used(&self) -> u64 {
        self.parts(Range::new(0, u64::MAX), Kind::Used).map(|part| part.len).sum()
    }

    /// Where the lowest handed-out area inside `span` begins.
    pub fn lowest_used(&self, span: Range) -> Option<u64> {
        self.parts(span, Kind::Used).map(|part| part.start).next()
    }

    /// The highest place for `len` bytes aligned to `align` within `span` that touches nothing handed out.
    pub fn highest_gap(&self, span: Range, len: u64, align: u64) -> Option<u64> {
        let mut end = span.end();
        let used = self.list().iter().rev().filter(|area| area.kind == Kind::Used && area.start < span.end());
        let bottom = Area { start: span.start, end: span.start, kind: Kind::Used };
        for area in used.chain(core::iter::once(&bottom)) {
            let place = end.checked_sub(len).map(|start| start & !(align - 1));
            if let Some(start) = place.filter(|start| *start >= area.end.max(span.start)) {
                return Some(start);
            }
            end = end.min(area.start);
            if end <= span.start {
                break;
            }
        }
        None
    }

    /// Makes `range` an area of `kind`; `None` makes it free, mapped and zero again.
    pub fn set(&mut self, range: Range, kind: Option<Kind>) -> Result<(), Errno> {
        debug_assert!(range.start == round_up(range.start, PAGE) && range.len % PAGE == 0);
        self.check_room(range, kind)?;
        self.cut_out(range);
        if let Some(kind) = kind {
            let at = self.list().iter().position(|area| area.start > range.start).unwrap_or(self.count);
            self.insert(at, Area { start: range.start, end: range.end(), kind });
            self.merge(at + 1);
            self.merge(at);
        }
        Ok(())
    }

    /// Can `set` be done? What changes pages asks before: a call that fails leaves everything as it was.
    pub fn check_room(&self, range: Range, kind: Option<Kind>) -> Result<(), Errno> {
        let met = self.list().iter().filter(|area| area.end > range.start && area.start < range.end());
        let left = |area: &Area| usize::from(area.start < range.start) + usize::from(area.end > range.end());
        let (gone, kept) = met.fold((0, 0), |(gone, kept), area| (gone + 1, kept + left(area)));
        if self.count - gone + kept + usize::from(kind.is_some()) > MAX_AREAS {
            return Err(Errno::NoMemory);
        }
        Ok(())
    }

    fn cut_out(&mut self, range: Range) {
        let mut at = 0;
        while at < self.count {
            let area = self.list[at];
            if area.end <= range.start || area.start >= range.end() {
                at += 1;
                continue;
            }
            self.remove(at);
            if area.start < range.start {
                self.insert(at, Area { end: range.start, ..area });
                at += 1;
            }
            if area.end > range.end() {
                self.insert(at, Area { start: range.end(), ..area });
                at += 1;
            }
        }
    }

    /// Joins area `at` with the one before it, if they are of one kind.
    fn merge(&mut self, at: usize) {
        if at == 0 || at >= self.count {
            return;
        }
        let (before, area) = (self.list[at - 1], self.list[at]);
        if before.end == area.start && before.kind == area.kind {
            self.list[at - 1].end = area.end;
            self.remove(at);
        }
    }

    fn insert(&mut self, at: usize, area: Area) {
        self.list.copy_within(at..self.count, at + 1);
        self.list[at] = area;
        self.count += 1;
    }

    fn remove(&mut self, at: usize) {
        self.list.copy_within(at + 1..self.count, at);
        self.count -= 1;
    }
}
