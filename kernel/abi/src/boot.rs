//! Boot info v1: what the isle tells the guest. One layout on both isles (QEMU gets it as the initrd module).
// SPDX-License-Identifier: BSD-3-Clause
use crate::Range;

/// First eight bytes of a boot info: "HERMITB1", little endian.
pub const MAGIC: u64 = u64::from_le_bytes(*b"HERMITB1");

/// At most this many bytes of argv and environ strings (2 MiB).
pub const MAX_STRINGS: u64 = 2 << 20;

/// Most RAM ranges and most heap regions that a boot info holds.
pub const MAX_RANGES: usize = 8;

/// `BootInfo::isle`: our own hypervisor.
pub const ISLE_UHYVE: u32 = 1;
/// `BootInfo::isle`: QEMU, console and control over virtio-serial.
pub const ISLE_QEMU: u32 = 2;

/// `BootInfo::flags`: stdin of the host is a terminal.
pub const FLAG_STDIN_TTY: u64 = 1 << 0;
/// `BootInfo::flags`: stdout of the host is a terminal.
pub const FLAG_STDOUT_TTY: u64 = 1 << 1;
/// `BootInfo::flags`: stderr of the host is a terminal.
pub const FLAG_STDERR_TTY: u64 = 1 << 2;
/// `BootInfo::flags`: the image asks for executable stacks (its GNU_STACK segment has PF_X).
pub const FLAG_EXEC_STACK: u64 = 1 << 3;
/// `BootInfo::flags`: the image may turn its own writable pages executable (`UnikernelProgram(jit=True)`).
pub const FLAG_JIT: u64 = 1 << 4;

/// A run of RAM that the guest's memory manager owns, mapped user, writable, not executable.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Region {
    /// Virtual address of its first byte; the 64 KiB below it are unmapped.
    pub va: u64,
    /// Guest-physical address of its first byte; equal to `va` modulo 2 MiB.
    pub pa: u64,
    /// Bytes; a multiple of 4 KiB.
    pub len: u64,
}

/// The part that the launcher fills in: on QEMU proxy writes exactly this (112 bytes), then the strings.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct HostPart {
    /// [`MAGIC`].
    pub magic: u64,
    /// [`crate::ABI_VERSION`].
    pub version: u32,
    /// [`ISLE_UHYVE`] or [`ISLE_QEMU`].
    pub isle: u32,
    /// Bytes of the whole blob, strings included. On QEMU: `size_of::<HostPart>() + strings_len`.
    pub size: u64,
    /// vCPUs of this isle.
    pub core_count: u32,
    /// Host cores that this isle may use; fewer than `core_count` means no spinning.
    pub host_cores: u32,
    /// 0: warnings only, 1: kernel log.
    pub log_level: u32,
    /// Number of argument strings.
    pub argc: u32,
    /// Number of environment strings, which follow the arguments.
    pub envc: u32,
    /// Padding, 0.
    pub reserved: u32,
    /// FLAG_* bits.
    pub flags: u64,
    /// TSC frequency in kHz; 0 = unknown, the guest calibrates against the 1 GHz LAPIC timer.
    pub tsc_khz: u64,
    /// Realtime in ns since 1970 at guest TSC `boot_tsc`; 0 = unknown, ask by the control port.
    pub realtime_ns: u64,
    /// Guest TSC that `realtime_ns` belongs to.
    pub boot_tsc: u64,
    /// Main stack in bytes; 0 = the default of `layout::default_stack`.
    pub stack_size: u64,
    /// Bytes of the NUL-terminated strings that follow: argv, then environ.
    pub strings_len: u64,
    /// Host randomness for the guest's generator.
    pub seed: [u64; 2],
}

/// The whole boot info. uhyve writes it; on QEMU the guest's early boot completes it by `layout::plan` and `paging::build`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct BootInfo {
    /// What the launcher knows.
    pub host: HostPart,
    /// Virtual minus link address of the image (0 until images are static-PIE).
    pub load_bias: u64,
    /// Guest-physical range of this boot info and its strings (page aligned), mapped user and read-only at `info_va`.
    pub info: Range,
    /// Virtual address of this boot info.
    pub info_va: u64,
    /// Virtual address of the first string.
    pub strings_va: u64,
    /// Guest-physical range of the image, rounded to pages.
    pub image: Range,
    /// Virtual address of the image's first page.
    pub image_va: u64,
    /// Guest-physical frames of nub cores, GDT, IDT and page tables: supervisor-only, identity mapped, never an I/O buffer.
    pub nub: Range,
    /// CR3 of the final page tables.
    pub cr3: u64,
    /// Free frames for more page tables; inside `nub`.
    pub table_pool: Range,
    /// Virtual address of the LAPIC page (supervisor-only, uncached).
    pub lapic_va: u64,
    /// Guest-physical range of the shared page and the request rings.
    pub rings: Range,
    /// Virtual address of the shared page; ring of core n at `rings_va + PAGE * (1 + n)`.
    pub rings_va: u64,
    /// Guest-physical range of all cores' blocks and stacks, mapped at `layout::core_block_va(n)` and so on.
    pub cores: Range,
    /// Main stack: its lowest address; part of `regions[0]`, whose first bytes it is.
    pub stack_va: u64,
    /// Main stack's bytes.
    pub stack_len: u64,
    /// All RAM of the guest.
    pub ram: [Range; MAX_RANGES],
    /// Used entries of `ram`.
    pub ram_count: u64,
    /// Memory for the guest to manage. `regions[0]` begins with the main stack; consecutive entries may be VA-contiguous.
    pub regions: [Region; MAX_RANGES],
    /// Used entries of `regions`.
    pub region_count: u64,
}
