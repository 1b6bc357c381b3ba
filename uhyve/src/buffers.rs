//! Which guest memory a request may name: RAM, never the nub's frames; and nothing is read into what is read-only.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::elf::{Image, PF_W};
use hermit_abi::layout::Plan;
use hermit_abi::paging::Nub;
use hermit_abi::{Range, PAGE};

use crate::memory::Memory;

/// The guarded ranges of one guest.
#[derive(Debug)]
pub struct Buffers {
    /// Never touched for the guest.
    sealed: Vec<Range>,
    /// Never written for the guest: else a read from stdin were a way around W^X.
    constant: Vec<Range>,
}

impl Buffers {
    /// From where things were put.
    pub fn new(plan: &Plan, image: &Image, nub: &Nub) -> Self {
        let pages = |range: Range| {
            let (start, end) = (range.start & !(PAGE - 1), range.end().next_multiple_of(PAGE));
            Range::new(start, end - start)
        };
        let segments = image.segments[..image.count].iter();
        let constant = segments.filter(|segment| segment.flags & PF_W == 0).map(|segment| pages(segment.memory));
        Self { sealed: vec![plan.nub, nub.text], constant: constant.chain([plan.info]).collect() }
    }

    /// True if the guest may send from `range`.
    pub fn may_send(&self, memory: &Memory, range: Range) -> bool {
        memory.contains(range) && !self.sealed.iter().any(|sealed| sealed.overlaps(&range))
    }

    /// True if the guest may receive into `range`.
    pub fn may_receive(&self, memory: &Memory, range: Range) -> bool {
        self.may_send(memory, range) && !self.constant.iter().any(|constant| constant.overlaps(&range))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hermit_abi::elf::{Segment, PF_X};

    #[test]
    fn nub_text_and_boot_info_are_guarded() {
        let memory = Memory::new(8 << 20).unwrap();
        let plan = Plan { nub: Range::new(0x1_0000, 0x1_0000), info: Range::new(0x2_0000, 0x1000), ..Plan::default() };
        let mut image = Image { count: 2, ..Image::default() };
        image.segments[0] = Segment { memory: Range::new(0x20_0000, 0x2800), flags: PF_X, ..Segment::default() };
        image.segments[1] = Segment { memory: Range::new(0x20_3000, 0x1000), flags: PF_W, ..Segment::default() };
        let nub = Nub { text: Range::new(0x20_1000, 0x1000), ..Nub::default() };
        let buffers = Buffers::new(&plan, &image, &nub);
        let may = |start, len| {
            let range = Range::new(start, len);
            (buffers.may_send(&memory, range), buffers.may_receive(&memory, range))
        };
        assert_eq!(may(0x20_3000, 0x1000), (true, true));
        assert_eq!(may(0x20_0000, 0x1000), (true, false), "text");
        assert_eq!(may(0x20_2fff, 1), (true, false), "the text's last page");
        assert_eq!(may(0x20_1fff, 1), (false, false), "nub text");
        assert_eq!(may(0x1_ffff, 1), (false, false), "nub frames");
        assert_eq!(may(0xffff, 2), (false, false), "into the nub frames");
        assert_eq!(may(0x2_0000, 1), (true, false), "boot info");
        assert_eq!(may(0x80_0000, 1), (false, false), "above RAM");
        assert_eq!(may(u64::MAX, 2), (false, false), "wraps");
        assert_eq!(may(0x30_0000, u64::MAX), (false, false), "endless");
    }
}
