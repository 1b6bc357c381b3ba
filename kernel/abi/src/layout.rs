//! Where everything stands in guest memory: one pure plan, made by uhyve on its isle and by the guest's early boot on QEMU.
//!
//! Virtual: NULL page; nub frames (identity, supervisor); image at its link address; from [`WINDOW_VA`] the LAPIC page, rings, boot info
//! and per-core blocks and stacks; from [`HEAP_VA`] the regions. 64 KiB guards between all of them.
// SPDX-License-Identifier: BSD-3-Clause
use crate::boot::{Region, MAX_RANGES};
use crate::core::{NUB_CORE, SEL_TSS};
use crate::elf::Image;
use crate::{Range, LARGE_PAGE, PAGE};

/// First virtual address of the window that holds everything per core and per boot.
pub const WINDOW_VA: u64 = 256 << 30;
/// Heap regions begin here.
pub const HEAP_VA: u64 = WINDOW_VA + (1 << 30);
/// Threads' stacks are mapped from 2 to this power upwards, to the end of the lower half of the address space.
pub const STACKS_SHIFT: u32 = 46;
/// Unmapped bytes between stacks and around regions.
pub const GUARD: u64 = 64 << 10;
/// Nothing is placed below: NULL page, and what firmware leaves there.
pub const LOW_RESERVED: u64 = 64 << 10;
/// Bytes of an upcall stack: of a core's own, which its idle context uses, and of each thread's.
pub const IRQ_STACK: u64 = 16 << 10;
/// Bytes of a core's fault stack.
pub const FAULT_STACK: u64 = 32 << 10;
/// Bytes of a core's idle stack: cores above 0 begin on it, and wait there for work.
pub const IDLE_STACK: u64 = 16 << 10;
/// Frames of one core: block, upcall stack, fault stack, idle stack.
pub const CORE_FRAMES: u64 = PAGE + IRQ_STACK + FAULT_STACK + IDLE_STACK;
/// Virtual bytes from one core's block to the next.
pub const CORE_STRIDE: u64 = 4 * GUARD + CORE_FRAMES;
/// Where a PC has its local APIC (and IA32_APIC_BASE at reset).
pub const LAPIC_PA: u64 = 0xfee0_0000;
/// Most cores: their TSS descriptors fit the GDT's page.
pub const MAX_CORES: u64 = (PAGE - SEL_TSS as u64) / 16;

/// What the plan depends on.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// RAM, ascending.
    pub ram: &'a [Range],
    /// The image, loaded at its link addresses.
    pub image: &'a Image,
    /// Ranges that hold something until the guest runs: nothing is placed there, but they belong to the regions.
    pub transient: &'a [Range],
    /// Cores.
    pub cores: u64,
    /// Main stack in bytes, 0 = default.
    pub stack: u64,
    /// Bytes of boot info and strings.
    pub info_len: u64,
}

/// The plan.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// Frames of the nub: cores, GDT page, IDT and shared page, then tables.
    pub nub: Range,
    /// Frames of boot info and strings.
    pub info: Range,
    /// Frames of the shared page and the rings.
    pub rings: Range,
    /// Frames of the core blocks and their stacks.
    pub cores: Range,
    /// Frames of the image.
    pub image: Range,
    /// Virtual address of the rings' shared page.
    pub rings_va: u64,
    /// Virtual address of the boot info.
    pub info_va: u64,
    /// Virtual address of core 0's block.
    pub cores_va: u64,
    /// Main stack, in bytes.
    pub stack_len: u64,
    /// Regions, main one first.
    pub regions: [Region; MAX_RANGES],
    /// Used entries of `regions`.
    pub region_count: usize,
}

/// Why no plan exists. Exit code 122.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutError {
    /// The image, or what the libOS needs beside it, does not fit the memory.
    TooSmall,
    /// More cores than [`MAX_CORES`].
    Cores,
}

/// Main stack where nobody asks for a size: 8 MiB, on guests below 64 MiB an eighth of the memory.
pub fn default_stack(ram_bytes: u64) -> u64 {
    (8 << 20).min(round_up(ram_bytes / 8, PAGE))
}

/// `value` rounded up to a multiple of `unit` (a power of two).
pub const fn round_up(value: u64, unit: u64) -> u64 {
    (value + unit - 1) & !(unit - 1)
}

/// Virtual address of core `n`'s block.
pub const fn core_block_va(cores_va: u64, n: u64) -> u64 {
    cores_va + n * CORE_STRIDE
}

/// Lowest virtual address of core `n`'s upcall stack.
pub const fn irq_stack_va(cores_va: u64, n: u64) -> u64 {
    core_block_va(cores_va, n) + PAGE + GUARD
}

/// Lowest virtual address of core `n`'s fault stack.
pub const fn fault_stack_va(cores_va: u64, n: u64) -> u64 {
    irq_stack_va(cores_va, n) + IRQ_STACK + GUARD
}

/// Lowest virtual address of core `n`'s idle stack.
pub const fn idle_stack_va(cores_va: u64, n: u64) -> u64 {
    fault_stack_va(cores_va, n) + FAULT_STACK + GUARD
}

/// An ascending list of disjoint free ranges, of fixed size because nothing can be allocated yet.
#[derive(Clone, Copy)]
struct Free {
    ranges: [Range; 2 * MAX_RANGES],
    count: usize,
}

impl Free {
    fn of(ram: &[Range]) -> Result<Self, LayoutError> {
        let mut free = Self { ranges: [Range::default(); 2 * MAX_RANGES], count: 0 };
        for range in ram {
            let start = round_up(range.start, PAGE);
            let end = range.end() & !(PAGE - 1);
            if start < end {
                *free.ranges.get_mut(free.count).ok_or(LayoutError::TooSmall)? = Range::new(start, end - start);
                free.count += 1;
            }
        }
        Ok(free)
    }

    /// Removes `taken`, which may lie anywhere.
    fn remove(&mut self, taken: Range) -> Result<(), LayoutError> {
        let taken_end = round_up(taken.end(), PAGE);
        let taken_start = taken.start & !(PAGE - 1);
        let mut rest = Self { ranges: [Range::default(); 2 * MAX_RANGES], count: 0 };
        for range in &self.ranges[..self.count] {
            let parts = [(range.start, range.end().min(taken_start)), (range.start.max(taken_end), range.end())];
            for (start, end) in parts {
                if start < end {
                    *rest.ranges.get_mut(rest.count).ok_or(LayoutError::TooSmall)? = Range::new(start, end - start);
                    rest.count += 1;
                }
            }
        }
        *self = rest;
        Ok(())
    }

    /// The lowest free place of `len` bytes with `align`.
    fn lowest(&self, len: u64, align: u64) -> Result<Range, LayoutError> {
        self.ranges[..self.count]
            .iter()
            .map(|range| (round_up(range.start, align), range.end()))
            .find(|(start, end)| start.checked_add(len).is_some_and(|last| last <= *end))
            .map(|(start, _)| Range::new(start, len))
            .ok_or(LayoutError::TooSmall)
    }
}

/// Frames that the page tables take at most, and a pool for splits of large pages later.
fn table_frames(ram_bytes: u64, image: &Range, input: &Input) -> u64 {
    let image_tables = image.len / LARGE_PAGE + image.len / (1 << 30) + 4;
    let heap_tables = ram_bytes / (1 << 30) + 3 * MAX_RANGES as u64;
    let window = (input.cores * CORE_STRIDE + input.info_len) / LARGE_PAGE + 4;
    // Threads' stacks and guards are mapped by small pages.
    let pool = 32 + 2 * (ram_bytes / LARGE_PAGE);
    // image tables: whole large pages need none, but which are whole is not known here; 1 per 512 is what a huge bss takes
    8 + image_tables.min(64 + image.len / (512 * LARGE_PAGE) * 2 + image.len / (1 << 30)) + heap_tables + window + pool
}

/// Plans a guest's memory.
pub fn plan(input: &Input) -> Result<Plan, LayoutError> {
    if input.cores == 0 || input.cores > MAX_CORES {
        return Err(LayoutError::Cores);
    }
    let ram_bytes: u64 = input.ram.iter().map(|range| range.len).sum();
    // Before anything is added to it: it may come from a hostile image's note.
    if input.stack > ram_bytes {
        return Err(LayoutError::TooSmall);
    }
    let image = input.image.span();
    if !input.ram.iter().any(|range| range.contains(&image)) {
        return Err(LayoutError::TooSmall);
    }
    let mut free = Free::of(input.ram)?;
    free.remove(Range::new(0, LOW_RESERVED))?;
    free.remove(image)?;
    let mut places = free;
    for range in input.transient {
        places.remove(*range)?;
    }
    let mut take = |len: u64, align: u64| -> Result<Range, LayoutError> {
        let range = places.lowest(len, align)?;
        places.remove(range)?;
        free.remove(range)?;
        Ok(range)
    };
    let nub_len = input.cores * NUB_CORE + (2 + table_frames(ram_bytes, &image, input)) * PAGE;
    let mut plan = Plan {
        nub: take(nub_len, NUB_CORE)?,
        info: take(round_up(input.info_len, PAGE), PAGE)?,
        rings: take((1 + input.cores) * PAGE, PAGE)?,
        cores: take(input.cores * CORE_FRAMES, PAGE)?,
        image,
        ..Plan::default()
    };
    plan.rings_va = WINDOW_VA + GUARD; // the LAPIC page stands at WINDOW_VA itself
    plan.info_va = plan.rings_va + plan.rings.len + GUARD;
    plan.cores_va = round_up(plan.info_va + plan.info.len + GUARD, PAGE);
    place_regions(&mut plan, &free);
    plan.stack_len = match input.stack {
        0 => default_stack(ram_bytes),
        bytes => round_up(bytes, PAGE),
    };
    // The program needs something beside its stack.
    if plan.region_count == 0 || plan.regions[0].len < plan.stack_len + 16 * PAGE {
        return Err(LayoutError::TooSmall);
    }
    Ok(plan)
}

/// Gives every free range a virtual place: the largest one below 4 GiB first, then those above, then the rest.
fn place_regions(plan: &mut Plan, free: &Free) {
    const HIGH: u64 = 4 << 30;
    let ranges = &free.ranges[..free.count];
    let main = ranges.iter().enumerate().filter(|(_, range)| range.start < HIGH).max_by_key(|(_, range)| range.len);
    let Some((main, _)) = main else { return };
    let high = (0..ranges.len()).filter(|&index| ranges[index].start >= HIGH);
    let low = (0..ranges.len()).filter(|&index| index != main && ranges[index].start < HIGH);
    let mut end = HEAP_VA;
    for index in core::iter::once(main).chain(high).chain(low) {
        if plan.region_count == MAX_RANGES {
            return; // the smallest leftovers stay unused
        }
        let range = ranges[index];
        let offset = range.start % LARGE_PAGE;
        // Contiguous where both sides of the seam are large pages: an array may then span the hole below 4 GiB.
        let va = if offset == 0 && end % LARGE_PAGE == 0 && end != HEAP_VA {
            end
        } else {
            round_up(end + GUARD, LARGE_PAGE) + offset
        };
        plan.regions[plan.region_count] = Region { va, pa: range.start, len: range.len };
        plan.region_count += 1;
        end = va + range.len;
    }
}
