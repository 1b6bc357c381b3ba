//! Early life on QEMU: completes the launcher's part of the boot info as uhyve would have, builds the final tables and seals them.
//! Ring 3 on crude tables that map the first 4 GiB one to one.
// SPDX-License-Identifier: BSD-3-Clause
use core::mem::size_of;

use hermit_abi::boot::{BootInfo, HostPart, MAGIC, MAX_RANGES};
use hermit_abi::core::NUB_RSP0;
use hermit_abi::layout::{self, Plan};
use hermit_abi::paging::{self, Build, Nub, PhysMem};
use hermit_abi::{elf, Range, ABI_VERSION, PAGE};

use super::{gate, port};

/// First field of hvm_start_info (Xen's public/arch-x86/hvm/start_info.h, which gives the other offsets too).
const START_MAGIC: u32 = 0x336e_c578;
/// Memory map entry: RAM.
const RAM: u32 = 1;
/// Firmware has been at work below.
const LOW: u64 = 1 << 20;
/// Where the other cores wake up: below `layout::LOW_RESERVED`, where the firmware has nothing left to do.
pub const AP_PAGE: u64 = 0x8000;

const EXIT_NO_MEMORY: u8 = 122;
const EXIT_CANNOT_RUN: u8 = 125;

extern "C" {
    static __ehdr_start: u8;
    static nub_start: u8;
    static nub_end: u8;
    static hermit_vectors: u8;
    static _start: u8;
    static hermit_ap_trampoline: u8;
    static hermit_ap_trampoline_end: u8;
}

/// Everything below 4 GiB, at its own address.
struct Physical;

impl Physical {
    fn read<T: Copy>(&self, pa: u64) -> T {
        // SAFETY: the crude tables map it; `T` is plain data.
        unsafe { (pa as *const T).read_unaligned() }
    }

    fn copy(&mut self, from: u64, to: u64, len: u64) {
        // SAFETY: as in `read`; `to` is a place of the plan, which overlaps nothing in use.
        unsafe { core::ptr::copy_nonoverlapping(from as *const u8, to as *mut u8, len as usize) };
    }
}

impl PhysMem for Physical {
    fn read_u64(&self, pa: u64) -> u64 {
        self.read(pa)
    }

    fn write<T: Copy>(&mut self, pa: u64, value: T) {
        // SAFETY: the plan's places are RAM that nothing else uses.
        unsafe { (pa as *mut T).write_unaligned(value) };
    }

    fn zero(&mut self, pa: u64, len: u64) {
        // SAFETY: as in `write`.
        unsafe { core::ptr::write_bytes(pa as *mut u8, 0, len as usize) };
    }
}

/// What the launcher hands over as module 0.
struct Blob {
    host: HostPart,
    range: Range,
}

/// pvh.S's way into Rust, on early boot's stack; goes on at `hermit_main` on the main one.
#[no_mangle]
extern "C" fn hermit_early(start_info: u64) -> ! {
    let mut memory = Physical;
    let blob = blob(&memory, start_info);
    let (ram, count) = ram(&memory, start_info);
    let ram = &ram[..count];
    let image = image();
    let plan = layout::plan(&layout::Input {
        ram,
        image: &image,
        transient: &[blob.range],
        cores: u64::from(blob.host.core_count),
        stack: blob.host.stack_size,
        info_len: size_of::<BootInfo>() as u64 + blob.host.strings_len,
    });
    let Ok(plan) = plan else { no_memory() };
    let build = Build { plan: &plan, image: &image, nub: nub(), host: blob.host, ram, xcr0: 0 };
    if paging::build(&build, &mut memory).is_err() {
        no_memory();
    }
    finish(&mut memory, &plan, &blob)
}

/// Strings to their place, the blob's memory back to zero, and over.
fn finish(memory: &mut Physical, plan: &Plan, blob: &Blob) -> ! {
    let strings = blob.range.start + size_of::<HostPart>() as u64;
    memory.copy(strings, plan.info.start + size_of::<BootInfo>() as u64, blob.host.strings_len);
    memory.zero(blob.range.start, blob.range.len);
    let cores = u64::from(blob.host.core_count);
    if cores > 1 {
        let (start, end) = (&raw const hermit_ap_trampoline as u64, &raw const hermit_ap_trampoline_end as u64);
        memory.copy(start, AP_PAGE, end - start);
    }
    gate::seal(paging::nub_shared_pa(plan, cores), paging::nub_core_pa(plan, 0) + NUB_RSP0)
}

fn no_memory() -> ! {
    port::serial_exit(
        "kernel: the program does not fit the guest's memory: give it more (HERMIT_MEM)\n",
        EXIT_NO_MEMORY,
    )
}

/// Finds module 0 and checks that it is a boot info of this version.
fn blob(memory: &Physical, start_info: u64) -> Blob {
    let magic: u32 = memory.read(start_info);
    let modules: u32 = memory.read(start_info + 12);
    if magic == START_MAGIC && modules > 0 {
        let list: u64 = memory.read(start_info + 16);
        let (start, len): (u64, u64) = (memory.read(list), memory.read(list + 8));
        let host: HostPart = memory.read(start);
        let wanted = size_of::<HostPart>() as u64 + host.strings_len;
        if host.magic == MAGIC && host.version == ABI_VERSION && wanted <= len {
            return Blob { host, range: Range::new(start, len) };
        }
    }
    port::serial_exit("kernel: no boot info: start this program with `proxy FILE [args...]`\n", EXIT_CANNOT_RUN)
}

/// RAM by the PVH memory map, above the first MiB.
fn ram(memory: &Physical, start_info: u64) -> ([Range; MAX_RANGES], usize) {
    let map: u64 = memory.read(start_info + 40);
    let entries: u32 = memory.read(start_info + 48);
    let mut list = [Range::default(); MAX_RANGES];
    let mut count = 0;
    for entry in (0..u64::from(entries)).map(|index| map + 24 * index) {
        let (start, len, kind): (u64, u64, u32) = (memory.read(entry), memory.read(entry + 8), memory.read(entry + 16));
        let end = start.saturating_add(len) & !(PAGE - 1);
        let start = layout::round_up(start.max(LOW), PAGE);
        if kind == RAM && start < end && count < MAX_RANGES {
            list[count] = Range::new(start, end - start);
            count += 1;
        }
    }
    (list, count)
}

/// The image's own headers; QEMU has checked little of them, the linker and the plugin all.
fn image() -> elf::Image {
    // SAFETY: the first page of the image, which the linker makes begin with the ELF header.
    let head = unsafe { core::slice::from_raw_parts(&raw const __ehdr_start, PAGE as usize) };
    match elf::parse(head, u64::MAX) {
        Ok(image) => image,
        Err(_) => port::serial_exit("kernel: the image's program headers are damaged\n", EXIT_CANNOT_RUN),
    }
}

fn nub() -> Nub {
    let (start, end) = (&raw const nub_start as u64, &raw const nub_end as u64);
    Nub {
        entry: &raw const _start as u64,
        text: Range::new(start, end - start),
        vectors: &raw const hermit_vectors as u64,
    }
}
