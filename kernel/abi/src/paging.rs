//! Writes a plan into guest memory: page tables, GDT, IDT, TSS, nub cores, core blocks and the boot info. No allocation, no unsafe.
// SPDX-License-Identifier: BSD-3-Clause
use crate::boot::{BootInfo, HostPart, FLAG_EXEC_STACK};
use crate::core::{
    CoreBlock, NubCore, NubShared, NUB_CORE, NUB_DATA, NUB_IO_BITMAP, NUB_IST1, NUB_IST2, NUB_RSP0, NUB_TSS_LIMIT,
    SEL_KERNEL_CODE, SEL_TSS, VECTORS, VECTOR_STRIDE,
};
use crate::elf::{Image, PF_W, PF_X};
use crate::layout::{
    core_block_va, fault_stack_va, idle_stack_va, irq_stack_va, Plan, CORE_FRAMES, FAULT_STACK, IDLE_STACK, IRQ_STACK,
    LAPIC_PA, WINDOW_VA,
};
use crate::{Range, LARGE_PAGE, PAGE};

/// Guest-physical memory as the builder sees it. Fresh frames may hold anything; addresses are RAM by the plan's word.
pub trait PhysMem {
    /// Reads a table entry.
    fn read_u64(&self, pa: u64) -> u64;
    /// Writes plain data.
    fn write<T: Copy>(&mut self, pa: u64, value: T);
    /// Fills `len` bytes with zero.
    fn zero(&mut self, pa: u64, len: u64);
}

/// Link addresses of the nub, from the image's note (already absolute).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Nub {
    /// 64-bit ring-0 entry.
    pub entry: u64,
    /// The nub's text, page aligned.
    pub text: Range,
    /// Entry code of vector 0.
    pub vectors: u64,
}

/// Present.
pub const PTE_P: u64 = 1;
/// Writable.
pub const PTE_W: u64 = 1 << 1;
/// Ring 3 may use it.
pub const PTE_U: u64 = 1 << 2;
/// Write-through and cache-disable: device memory.
pub const PTE_UNCACHED: u64 = 3 << 3;
/// Accessed and dirty, set from the start: the CPU then never writes them (a shadow-paging host pays for that).
pub const PTE_AD: u64 = 3 << 5;
/// Large page.
pub const PTE_LARGE: u64 = 1 << 7;
/// Not executable.
pub const PTE_NX: u64 = 1 << 63;
/// Frame bits of an entry.
pub const PTE_FRAME: u64 = 0x000f_ffff_ffff_f000;

/// Everything was placed, but the tables did not fit: the plan's reserve is wrong for this image. Exit code 122.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfTables;

struct Tables<'a, M: PhysMem> {
    memory: &'a mut M,
    root: u64,
    next: u64,
    end: u64,
}

impl<M: PhysMem> Tables<'_, M> {
    fn frame(&mut self) -> Result<u64, OutOfTables> {
        if self.next >= self.end {
            return Err(OutOfTables);
        }
        let frame = self.next;
        self.next += PAGE;
        self.memory.zero(frame, PAGE);
        Ok(frame)
    }

    /// Maps one page of `PAGE << (9 * level)` bytes; level 0 or 1.
    fn map_page(&mut self, va: u64, entry: u64, level: u32) -> Result<(), OutOfTables> {
        let mut table = self.root;
        for step in ((level + 1)..4).rev() {
            let slot = table + 8 * ((va >> (12 + 9 * step)) & 511);
            let next = self.memory.read_u64(slot);
            table = if next & PTE_P != 0 {
                next & PTE_FRAME
            } else {
                let frame = self.frame()?;
                self.memory.write(slot, frame | PTE_P | PTE_W | PTE_U | PTE_AD);
                frame
            };
        }
        self.memory.write(table + 8 * ((va >> (12 + 9 * level)) & 511), entry);
        Ok(())
    }

    /// Maps `len` bytes, with large pages wherever both addresses allow.
    fn map(&mut self, va: u64, pa: u64, len: u64, bits: u64) -> Result<(), OutOfTables> {
        let mut done = 0;
        while done < len {
            let (v, p) = (va + done, pa + done);
            let large = v % LARGE_PAGE == 0 && p % LARGE_PAGE == 0 && len - done >= LARGE_PAGE;
            let (level, kind) = if large { (1, PTE_LARGE) } else { (0, 0) };
            self.map_page(v, p | bits | kind | PTE_P | PTE_AD, level)?;
            done += PAGE << (9 * level);
        }
        Ok(())
    }
}

fn segment_bits(flags: u32) -> u64 {
    let write = if flags & PF_W != 0 { PTE_W } else { 0 };
    let no_exec = if flags & PF_X != 0 { 0 } else { PTE_NX };
    PTE_U | write | no_exec
}

/// What the builder needs beside the plan.
#[derive(Clone, Copy, Debug)]
pub struct Build<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The image's segments.
    pub image: &'a Image,
    /// The nub's addresses.
    pub nub: Nub,
    /// The launcher's part of the boot info.
    pub host: HostPart,
    /// All RAM.
    pub ram: &'a [Range],
    /// XCR0 for every core; 0 = leave it.
    pub xcr0: u64,
}

/// Nub frames: cores first, then the GDT's page, then the page of IDT and [`NubShared`], then tables.
fn gdt_pa(plan: &Plan, cores: u64) -> u64 {
    plan.nub.start + cores * NUB_CORE
}

/// Guest-physical (= virtual) address of core `n`'s nub core: rdi at the nub's entry; its RSP0 is `NUB_RSP0` above.
pub fn nub_core_pa(plan: &Plan, n: u64) -> u64 {
    plan.nub.start + n * NUB_CORE
}

/// Guest-physical (= virtual) address of [`NubShared`].
pub fn nub_shared_pa(plan: &Plan, cores: u64) -> u64 {
    gdt_pa(plan, cores) + PAGE + 0x800
}

/// Writes everything and gives the finished boot info, which stands at `plan.info.start`; the strings belong right behind it
/// (`strings_va`) and are the caller's to write.
pub fn build<M: PhysMem>(build: &Build, memory: &mut M) -> Result<BootInfo, OutOfTables> {
    let plan = build.plan;
    let cores = u64::from(build.host.core_count);
    let first_table = gdt_pa(plan, cores) + 2 * PAGE;
    let end = plan.nub.end();
    let mut tables = Tables { memory, root: 0, next: first_table, end };
    tables.root = tables.frame()?;
    map_all(build, &mut tables, cores)?;
    let (root, next) = (tables.root, tables.next);
    let mut host = build.host;
    if build.image.exec_stack {
        host.flags |= FLAG_EXEC_STACK;
    }
    let info = boot_info(build, host, root, Range::new(next, end - next));
    memory.zero(plan.info.start, core::mem::size_of::<BootInfo>() as u64);
    memory.write(plan.info.start, info);
    memory.zero(plan.rings.start, plan.rings.len);
    write_descriptors(build, memory, cores);
    write_shared(build, memory, &info, cores);
    for n in 0..cores {
        write_core(build, memory, &info, n);
    }
    Ok(info)
}

fn map_all<M: PhysMem>(build: &Build, tables: &mut Tables<M>, cores: u64) -> Result<(), OutOfTables> {
    let plan = build.plan;
    tables.map(plan.nub.start, plan.nub.start, plan.nub.len, PTE_W | PTE_NX)?;
    for segment in &build.image.segments[..build.image.count] {
        map_segment(build, tables, segment.memory, segment_bits(segment.flags))?;
    }
    tables.map_page(WINDOW_VA, LAPIC_PA | PTE_W | PTE_NX | PTE_UNCACHED | PTE_P | PTE_AD, 0)?;
    tables.map(plan.rings_va, plan.rings.start, plan.rings.len, PTE_U | PTE_W | PTE_NX)?;
    tables.map(plan.info_va, plan.info.start, plan.info.len, PTE_U | PTE_NX)?;
    for n in 0..cores {
        let frames = plan.cores.start + n * CORE_FRAMES;
        let bits = PTE_U | PTE_W | PTE_NX;
        tables.map(core_block_va(plan.cores_va, n), frames, PAGE, bits)?;
        tables.map(irq_stack_va(plan.cores_va, n), frames + PAGE, IRQ_STACK, bits)?;
        tables.map(fault_stack_va(plan.cores_va, n), frames + PAGE + IRQ_STACK, FAULT_STACK, bits)?;
        tables.map(idle_stack_va(plan.cores_va, n), frames + PAGE + IRQ_STACK + FAULT_STACK, IDLE_STACK, bits)?;
    }
    for (index, region) in plan.regions[..plan.region_count].iter().enumerate() {
        // Cut only where the rights differ: a seam costs the large page it falls into.
        let stack = if index == 0 && build.image.exec_stack { plan.stack_len } else { 0 };
        tables.map(region.va, region.pa, stack, PTE_U | PTE_W)?;
        tables.map(region.va + stack, region.pa + stack, region.len - stack, PTE_U | PTE_W | PTE_NX)?;
    }
    Ok(())
}

/// A segment's pages, the nub's text among them for ring 0 only.
fn map_segment<M: PhysMem>(build: &Build, tables: &mut Tables<M>, memory: Range, bits: u64) -> Result<(), OutOfTables> {
    let (start, end) = (memory.start & !(PAGE - 1), (memory.end() + PAGE - 1) & !(PAGE - 1));
    let nub = build.nub.text;
    let cuts = [start, nub.start.clamp(start, end), nub.end().clamp(start, end), end];
    for (index, part) in cuts.windows(2).enumerate() {
        let bits = if index == 1 { bits & !PTE_U } else { bits };
        tables.map(part[0], part[0], part[1] - part[0], bits)?;
    }
    Ok(())
}

fn boot_info(build: &Build, host: HostPart, root: u64, pool: Range) -> BootInfo {
    let plan = build.plan;
    let mut info = BootInfo {
        host,
        info: plan.info,
        info_va: plan.info_va,
        strings_va: plan.info_va + core::mem::size_of::<BootInfo>() as u64,
        image: plan.image,
        image_va: plan.image.start,
        nub: plan.nub,
        cr3: root,
        table_pool: pool,
        lapic_va: WINDOW_VA,
        rings: plan.rings,
        rings_va: plan.rings_va,
        cores: plan.cores,
        stack_va: plan.regions[0].va,
        stack_len: plan.stack_len,
        ram_count: build.ram.len() as u64,
        regions: plan.regions,
        region_count: plan.region_count as u64,
        ..BootInfo::default()
    };
    info.host.size = core::mem::size_of::<BootInfo>() as u64 + host.strings_len;
    for (slot, range) in info.ram.iter_mut().zip(build.ram) {
        *slot = *range;
    }
    info
}

/// GDT (selectors of `core`) and IDT: interrupt gates to ring 0; #BP callable from ring 3; #DF and NMI on stacks of their own.
fn write_descriptors<M: PhysMem>(build: &Build, memory: &mut M, cores: u64) {
    let gdt = gdt_pa(build.plan, cores);
    let idt = gdt + PAGE;
    memory.zero(gdt, 2 * PAGE);
    // flat code and data of ring 0 and 3; 0x20 is the 32-bit ring-3 code slot that sysret wants, unused
    let flat = [
        0x00af_9b00_0000_ffff_u64,
        0x00cf_9300_0000_ffff,
        0x00cf_fb00_0000_ffff,
        0x00cf_f300_0000_ffff,
        0x00af_fb00_0000_ffff,
    ];
    memory.write(gdt + u64::from(SEL_KERNEL_CODE), flat);
    for n in 0..cores {
        let base = nub_core_pa(build.plan, n);
        let low = NUB_TSS_LIMIT | (base & 0xff_ffff) << 16 | 0x89 << 40 | ((base >> 24) & 0xff) << 56;
        memory.write(gdt + u64::from(SEL_TSS) + 16 * n, [low, base >> 32]);
    }
    for vector in 0..VECTORS {
        let handler = build.nub.vectors + vector * VECTOR_STRIDE;
        let stack = match vector {
            8 => 1,
            2 => 2,
            _ => 0,
        };
        let ring = if vector == 3 { 3 } else { 0 };
        let low = (handler & 0xffff)
            | u64::from(SEL_KERNEL_CODE) << 16
            | stack << 32
            | (0x8e | ring << 5) << 40
            | ((handler >> 16) & 0xffff) << 48;
        memory.write(idt + 16 * vector, [low, handler >> 32]);
    }
}

fn write_shared<M: PhysMem>(build: &Build, memory: &mut M, info: &BootInfo, cores: u64) {
    let gdt = gdt_pa(build.plan, cores);
    // All that is executable: programs may place code in segments of its own. What stands between is guarded with it.
    let mut text = build.image.segments[..build.image.count].iter().filter(|segment| segment.flags & PF_X != 0);
    let first = text.next().map_or(Range::default(), |segment| segment.memory);
    let end = text.last().map_or(first.end(), |segment| segment.memory.end());
    memory.write(
        nub_shared_pa(build.plan, cores),
        NubShared {
            gdtr: [(u64::from(SEL_TSS) + 16 * cores - 1) << 48, gdt],
            idtr: [(16 * VECTORS - 1) << 48, gdt + PAGE],
            cr3: info.cr3,
            pool_next: info.table_pool.start,
            pool_end: info.table_pool.end(),
            nub_start: info.nub.start,
            nub_end: info.nub.end(),
            text_start: first.start & !(PAGE - 1),
            text_end: (end + PAGE - 1) & !(PAGE - 1),
            lock: 0,
            flags: info.host.flags,
        },
    );
}

fn write_core<M: PhysMem>(build: &Build, memory: &mut M, info: &BootInfo, n: u64) {
    let plan = build.plan;
    let core = nub_core_pa(plan, n);
    memory.zero(core, NUB_CORE);
    memory.write(core + 4, core + NUB_RSP0);
    memory.write(core + 36, [core + NUB_IST1, core + NUB_IST2]);
    memory.write(core + 102, NUB_IO_BITMAP as u16);
    memory.write(core + NUB_TSS_LIMIT, 0xff_u8);
    let block = core_block_va(plan.cores_va, n);
    let boot_stack = match n {
        0 => info.stack_va + info.stack_len,
        _ => idle_stack_va(plan.cores_va, n) + IDLE_STACK,
    };
    let data = NubCore {
        block,
        lapic: info.lapic_va,
        shared: nub_shared_pa(plan, u64::from(build.host.core_count)),
        // Ring 3 starts as if called: 16-byte aligned minus a return address.
        boot_rsp: boot_stack - 8,
        boot_info: info.info_va,
        xcr0: build.xcr0,
    };
    memory.write(core + NUB_DATA, data);
    let frames = plan.cores.start + n * CORE_FRAMES;
    memory.zero(frames, PAGE);
    memory.write(
        frames,
        CoreBlock {
            this: block,
            mask: 1,
            irq_stack: irq_stack_va(plan.cores_va, n) + IRQ_STACK,
            fault_stack: fault_stack_va(plan.cores_va, n) + FAULT_STACK,
            core: n,
            boot_info: info.info_va,
            ..CoreBlock::default()
        },
    );
}
