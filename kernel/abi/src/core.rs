//! Per-core memory: the user-visible block behind GS, and the nub's supervisor-only core. Offsets are the assembly's contract.
// SPDX-License-Identifier: BSD-3-Clause

/// What the nub and the libOS share about one core; GS points at it. User memory, one page.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct CoreBlock {
    /// Own address (`gs:0`).
    pub this: u64,
    /// Software interrupt flag: not 0 = interrupts are only noted in `pending`. Changed by one instruction.
    pub mask: u64,
    /// Bit n: vector VECTOR_BASE + n arrived and is not handled yet.
    pub pending: u64,
    /// Interrupted rip, saved by the nub before the upcall.
    pub irq_rip: u64,
    /// Interrupted rflags.
    pub irq_rflags: u64,
    /// Interrupted rsp.
    pub irq_rsp: u64,
    /// Top of the upcall stack of whatever runs on this core: it changes with the thread.
    pub irq_stack: u64,
    /// Top of this core's fault stack.
    pub fault_stack: u64,
    /// Not 0 while the libOS handles a fault: another one then is PORT_PANIC.
    pub fault_active: u64,
    /// Vector of the fault.
    pub fault_vector: u64,
    /// Its error code.
    pub fault_error: u64,
    /// CR2 at a page fault.
    pub fault_address: u64,
    /// Faulting rip.
    pub fault_rip: u64,
    /// rflags at the fault.
    pub fault_rflags: u64,
    /// rsp at the fault.
    pub fault_rsp: u64,
    /// Number of this core, from 0.
    pub core: u64,
    /// Interrupts taken on this core, counted by the nub.
    pub irq_count: u64,
    /// Boot info's virtual address.
    pub boot_info: u64,
    /// The thread that runs here; the libOS's own.
    pub thread: u64,
    /// `mask` as it was when the fault came.
    pub fault_mask: u64,
    /// TLB shoot-downs answered on this core, counted by the nub.
    pub shootdowns: u64,
}

/// First vector that belongs to the libOS; pending bit = vector - VECTOR_BASE.
pub const VECTOR_BASE: u8 = 0x20;
/// LAPIC timer.
pub const VECTOR_TIMER: u8 = 0x20;
/// Another core wakes this one.
pub const VECTOR_WAKE: u8 = 0x21;
/// A device, or the host answering a request.
pub const VECTOR_DEVICE: u8 = 0x22;
/// TLB shoot-down: answered in the nub whatever the mask.
pub const VECTOR_SHOOTDOWN: u8 = 0x23;
/// Spurious LAPIC interrupt.
pub const VECTOR_SPURIOUS: u8 = 0x2f;
/// Entries of the IDT.
pub const VECTORS: u64 = 0x30;
/// Bytes from one vector's entry code in the nub to the next.
pub const VECTOR_STRIDE: u64 = 16;

/// Bytes, and alignment, of one nub core: `rsp & !(NUB_CORE - 1)` in ring 0 finds it.
pub const NUB_CORE: u64 = 0x4000;
/// TSS inside a nub core: 0x68 bytes, then the zero I/O bitmap of 8192 bytes and its 0xff end byte.
pub const NUB_TSS: u64 = 0;
/// Offset of the I/O bitmap in the TSS (its iomap base).
pub const NUB_IO_BITMAP: u64 = 0x68;
/// TSS limit: header, bitmap and end byte, minus one.
pub const NUB_TSS_LIMIT: u64 = 0x68 + 0x2000;
/// [`NubCore`] inside a nub core.
pub const NUB_DATA: u64 = 0x2080;
/// Top of the double-fault stack (IST1).
pub const NUB_IST1: u64 = 0x2800;
/// Top of the NMI stack (IST2).
pub const NUB_IST2: u64 = 0x2c00;
/// Top of the ring-0 stack (RSP0).
pub const NUB_RSP0: u64 = 0x3ff0;

/// What the nub knows about its core. Supervisor-only.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct NubCore {
    /// Virtual address of the core's [`CoreBlock`].
    pub block: u64,
    /// Virtual address of the LAPIC page.
    pub lapic: u64,
    /// Virtual (= physical) address of the [`NubShared`].
    pub shared: u64,
    /// First ring-3 instruction's stack pointer.
    pub boot_rsp: u64,
    /// Boot info's virtual address, handed to the first ring-3 instruction.
    pub boot_info: u64,
    /// XCR0 to set at boot; 0 = leave.
    pub xcr0: u64,
}

/// What all nub cores share. Supervisor-only.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct NubShared {
    /// Limit of the GDT (16 bit) as `lgdt` wants it: 6 pad bytes first so that `base` is aligned; operand at `gdtr + 6`.
    pub gdtr: [u64; 2],
    /// The same for the IDT.
    pub idtr: [u64; 2],
    /// CR3 of the final tables.
    pub cr3: u64,
    /// Next free frame for a page table.
    pub pool_next: u64,
    /// End of those frames.
    pub pool_end: u64,
    /// Guest-physical start of the nub's frames: never mapped for ring 3.
    pub nub_start: u64,
    /// End of them.
    pub nub_end: u64,
    /// Image's text, first byte (virtual), of all executable segments: its mapping never changes.
    pub text_start: u64,
    /// End of it.
    pub text_end: u64,
    /// Lock of the page tables.
    pub lock: u64,
    /// FLAG_EXEC_STACK and FLAG_JIT of the boot info: which executable mappings the nub grants.
    pub flags: u64,
}

/// Selector: ring-0 code, 64 bit.
pub const SEL_KERNEL_CODE: u16 = 0x10;
/// Selector: ring-0 data.
pub const SEL_KERNEL_DATA: u16 = 0x18;
/// Selector: ring-3 data (RPL 3).
pub const SEL_USER_DATA: u16 = 0x2b;
/// Selector: ring-3 code, 64 bit (RPL 3).
pub const SEL_USER_CODE: u16 = 0x33;
/// Selector: TSS of core 0; core n at `SEL_TSS + 16 * n`.
pub const SEL_TSS: u16 = 0x40;

/// Gate: wait until an interrupt is pending. No arguments.
pub const GATE_WAIT: u64 = 0;
/// Gate: map `rdx` pages at virtual `rdi` to guest-physical `rsi` with MAP_* flags in `rcx` (0 = unmap, `rsi` ignored). Result 0 or -1 bad
/// argument, -2 no frame for a table.
pub const GATE_MAP: u64 = 1;
/// Gate: arm the LAPIC timer, one shot, `rdi` ticks of 1 ns (LAPIC bus clock, divider 1); 0 = off.
pub const GATE_TIMER: u64 = 2;
/// Gate: change the protection of `rdx` mapped pages at virtual `rdi` to MAP_* flags in `rcx`, frames stay. Result as GATE_MAP.
pub const GATE_PROTECT: u64 = 3;
/// Gate: send vector `rsi` to core `rdi` (IPI).
pub const GATE_IPI: u64 = 4;
/// Gate, once, early boot of the qemu isle only: switch to the final tables whose [`NubShared`] is at `rdi`; core 0's stack is in `rsi`.
pub const GATE_SEAL: u64 = 5;
/// Gate: read the LAPIC timer's current count.
pub const GATE_TIMER_COUNT: u64 = 6;

/// Gate, once, on the qemu isle: start all other cores (INIT, SIPI). No arguments.
pub const GATE_START: u64 = 7;
/// Gate: forget what this core's TLB holds. No arguments.
pub const GATE_FLUSH: u64 = 8;

/// Mapping flag: readable.
pub const MAP_READ: u64 = 1;
/// Mapping flag: writable.
pub const MAP_WRITE: u64 = 2;
/// Mapping flag: executable; never together with MAP_WRITE (but for executable stacks).
pub const MAP_EXEC: u64 = 4;
/// Mapping flag: uncached (device memory).
pub const MAP_DEVICE: u64 = 8;
