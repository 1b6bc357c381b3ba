//! The memory plan and the page tables written from it, checked by walking the tables as a CPU would.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_abi::boot::HostPart;
use hermit_abi::core::{NubShared, NUB_CORE, NUB_RSP0};
use hermit_abi::elf::{Image, Segment, PF_W, PF_X};
use hermit_abi::layout::{self, plan, Input, LayoutError, Plan, GUARD, WINDOW_VA};
use hermit_abi::paging::{self, Build, Nub, PhysMem, PTE_FRAME, PTE_LARGE, PTE_NX, PTE_P, PTE_U, PTE_W};
use hermit_abi::{Range, LARGE_PAGE, PAGE};
use std::collections::HashMap;
use std::mem::offset_of;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// Sparse guest memory; unwritten words read as a poison, since fresh frames may hold anything.
#[derive(Default)]
struct Sparse(HashMap<u64, u8>);

impl PhysMem for Sparse {
    fn read_u64(&self, pa: u64) -> u64 {
        (0..8).rev().fold(0, |word, n| word << 8 | u64::from(*self.0.get(&(pa + n)).unwrap_or(&0x5a)))
    }
    fn write<T: Copy>(&mut self, pa: u64, value: T) {
        let len = std::mem::size_of::<T>();
        // SAFETY: T is plain data without padding in every use of the builder; the bytes are only stored.
        let bytes = unsafe { std::slice::from_raw_parts((&raw const value).cast::<u8>(), len) };
        self.0.extend(bytes.iter().enumerate().map(|(n, byte)| (pa + n as u64, *byte)));
    }
    fn zero(&mut self, pa: u64, len: u64) {
        self.0.extend((pa..pa + len).map(|at| (at, 0)));
    }
}

impl Sparse {
    /// Physical address and leaf entry for `va`, with U and W of all levels combined, or None.
    fn walk(&self, root: u64, va: u64) -> Option<(u64, u64)> {
        let (mut table, mut rights) = (root, PTE_U | PTE_W);
        for level in (0..4).rev() {
            let entry = self.read_u64(table + 8 * ((va >> (12 + 9 * level)) & 511));
            if entry & PTE_P == 0 {
                return None;
            }
            rights &= entry;
            let size = PAGE << (9 * level);
            if level == 0 || entry & PTE_LARGE != 0 {
                let frame = entry & PTE_FRAME & !(size - 1);
                return Some((frame | (va & (size - 1)), rights | (entry & PTE_NX)));
            }
            table = entry & PTE_FRAME;
        }
        None
    }
}

fn image(data_len: u64) -> Image {
    let mut image = Image { count: 3, ..Image::default() };
    image.segments[0] = Segment { memory: Range::new(2 * MIB, 0x400), file: Range::new(0, 0x400), flags: 0 };
    image.segments[1] =
        Segment { memory: Range::new(2 * MIB + 0x1000, 0x8000), file: Range::new(0x1000, 0x8000), flags: PF_X };
    image.segments[2] =
        Segment { memory: Range::new(2 * MIB + 0xa000, data_len), file: Range::new(0x9000, 8), flags: PF_W };
    image
}

fn nub() -> Nub {
    Nub { entry: 2 * MIB + 0x3000, text: Range::new(2 * MIB + 0x3000, 0x2000), vectors: 2 * MIB + 0x3100 }
}

fn planned(ram: &[Range], image: &Image, cores: u64, stack: u64) -> Result<Plan, LayoutError> {
    plan(&Input { ram, image, transient: &[], cores, stack, info_len: 2000 })
}

fn built(ram: &[Range], image: &Image, cores: u64) -> (Plan, Sparse, hermit_abi::boot::BootInfo) {
    let plan = planned(ram, image, cores, 0).expect("a plan");
    let host = HostPart { core_count: cores as u32, ..HostPart::default() };
    let mut memory = Sparse::default();
    let info =
        paging::build(&Build { plan: &plan, image, nub: nub(), host, ram, xcr0: 0 }, &mut memory).expect("tables fit");
    (plan, memory, info)
}

#[test]
fn ring_3_has_no_alias_of_nub_or_text() {
    let ram = [Range::new(0, 64 * MIB)];
    let image = image(0x5000);
    let (plan, memory, info) = built(&ram, &image, 2);
    let mut seen = HashMap::new();
    let windows = [(0, 70 * MIB), (WINDOW_VA, 8 * MIB), (layout::HEAP_VA, 80 * MIB)];
    for (start, len) in windows {
        for va in (start..start + len).step_by(PAGE as usize) {
            let Some((pa, rights)) = memory.walk(info.cr3, va) else { continue };
            if rights & PTE_U == 0 {
                continue;
            }
            assert!(!plan.nub.contains(&Range::new(pa, PAGE)), "{va:#x} shows the nub's frame {pa:#x}");
            assert!(rights & PTE_W == 0 || rights & PTE_NX != 0, "{va:#x} is writable and executable");
            assert!(seen.insert(pa, va).is_none(), "{va:#x} and another address share frame {pa:#x}");
        }
    }
    assert!(seen.len() > 50 * MIB as usize / 4096);
}

#[test]
fn nub_text_is_for_ring_0_only_and_null_is_unmapped() {
    let ram = [Range::new(0, 64 * MIB)];
    let image = image(0x5000);
    let (plan, memory, info) = built(&ram, &image, 1);
    let (pa, rights) = memory.walk(info.cr3, nub().entry).expect("nub text is mapped");
    assert_eq!((pa, rights & (PTE_U | PTE_W | PTE_NX)), (nub().entry, 0));
    let (_, text) = memory.walk(info.cr3, 2 * MIB + 0x1000).expect("text is mapped");
    assert_eq!(text & (PTE_U | PTE_W | PTE_NX), PTE_U);
    assert!(memory.walk(info.cr3, 0).is_none());
    let (core, rights) = memory.walk(info.cr3, plan.nub.start).expect("nub core is mapped");
    assert_eq!((core, rights & PTE_U), (plan.nub.start, 0));
    assert_eq!(memory.read_u64(core + 4), core + NUB_RSP0);
    assert_eq!(core % NUB_CORE, 0);
}

#[test]
fn the_nub_guards_every_executable_segment() {
    let mut image = image(0x5000);
    image.segments[3] = Segment { memory: Range::new(4 * MIB + 0x1000, 0x1800), file: Range::new(0, 8), flags: PF_X };
    image.count = 4;
    let (plan, memory, _) = built(&[Range::new(0, 64 * MIB)], &image, 1);
    let word = |at: usize| memory.read_u64(paging::nub_shared_pa(&plan, 1) + at as u64);
    let text = (word(offset_of!(NubShared, text_start)), word(offset_of!(NubShared, text_end)));
    assert_eq!(text, (2 * MIB + 0x1000, 4 * MIB + 0x3000));
}

#[test]
fn every_stack_has_a_guard_below() {
    let ram = [Range::new(0, 256 * MIB)];
    let image = image(0x5000);
    let (plan, memory, info) = built(&ram, &image, 3);
    let mut stacks = vec![info.stack_va];
    for n in 0..3 {
        stacks.push(layout::irq_stack_va(plan.cores_va, n));
        stacks.push(layout::fault_stack_va(plan.cores_va, n));
        stacks.push(layout::idle_stack_va(plan.cores_va, n));
    }
    for stack in stacks {
        assert!(memory.walk(info.cr3, stack).is_some());
        for below in (PAGE..=GUARD).step_by(PAGE as usize) {
            assert!(memory.walk(info.cr3, stack - below).is_none(), "{stack:#x} has no guard");
        }
    }
}

#[test]
fn memory_on_both_sides_of_the_hole_is_one_array() {
    let ram = [Range::new(0, 3 * GIB), Range::new(4 * GIB, 3 * GIB)];
    let (plan, memory, info) = built(&ram, &image(0x5000), 1);
    let (main, high) = (plan.regions[0], plan.regions[1]);
    assert_eq!(main.va + main.len, high.va);
    assert_eq!(high.pa, 4 * GIB);
    // Two small pages of tables for every large page of memory, and a bit.
    assert!(main.len + high.len > 6 * GIB - 28 * MIB);
    let (pa, _) = memory.walk(info.cr3, high.va + 5).expect("mapped");
    assert_eq!(pa, 4 * GIB + 5);
}

#[test]
fn four_mebibytes_suffice_and_less_says_so() {
    let plan = planned(&[Range::new(0, 4 * MIB)], &image(0x5000), 1, 0).expect("a plan for 4 MiB");
    assert!(plan.regions[0].len > MIB);
    assert_eq!(planned(&[Range::new(0, 2 * MIB)], &image(0x5000), 1, 0).err(), Some(LayoutError::TooSmall));
    assert_eq!(planned(&[Range::new(0, 8 * MIB)], &image(0x5000), 1, 64 * MIB).err(), Some(LayoutError::TooSmall));
    assert_eq!(planned(&[Range::new(0, 8 * MIB)], &image(0x5000), 1, u64::MAX).err(), Some(LayoutError::TooSmall));
    assert_eq!(planned(&[Range::new(0, 64 * MIB)], &image(0x5000), 1000, 0).err(), Some(LayoutError::Cores));
}

#[test]
fn a_huge_bss_takes_large_pages() {
    let ram = [Range::new(0, 3 * GIB), Range::new(4 * GIB, GIB)];
    let (_, memory, info) = built(&ram, &image(2 * GIB), 1);
    let va = 6 * LARGE_PAGE;
    let (pa, rights) = memory.walk(info.cr3, va + 123).expect("mapped");
    assert_eq!((pa, rights & PTE_W), (va + 123, PTE_W));
}

#[test]
fn transient_ranges_are_spared_and_then_given_back() {
    let ram = [Range::new(0, 64 * MIB)];
    let image = image(0x5000);
    let blob = Range::new(0x10000, 0x9000);
    let input = Input { ram: &ram, image: &image, transient: &[blob], cores: 1, stack: 0, info_len: 4096 };
    let plan = plan(&input).expect("a plan");
    for range in [plan.nub, plan.info, plan.rings, plan.cores] {
        assert!(!range.overlaps(&blob));
    }
    let regions = &plan.regions[..plan.region_count];
    assert!(regions.iter().any(|region| Range::new(region.pa, region.len).contains(&blob)));
}
