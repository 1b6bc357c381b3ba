//! Assembles the .S files as one unit and gives them the contract's offsets and numbers by name: none is written down twice.
// SPDX-License-Identifier: BSD-3-Clause
use core::mem::offset_of;

use hermit_abi::boot::{FLAG_EXEC_STACK, FLAG_JIT};
use hermit_abi::core as abi;
use hermit_abi::core::{CoreBlock, NubCore, NubShared};
use hermit_abi::{layout, paging, ring, LARGE_PAGE, PAGE};

use super::signal;

/// rflags of ring-3 code: interrupts on, and the bit that is always 1.
const USER_RFLAGS: u64 = RFLAGS_IF | RFLAGS_FIXED;
const RFLAGS_IF: u64 = 1 << 9;
const RFLAGS_FIXED: u64 = 1 << 1;

/// CR0: PG, WP, NE, ET, MP, PE.
const CR0_EARLY: u64 = 0x8001_0033;
/// CR4: OSXSAVE, FSGSBASE, OSXMMEXCPT, OSFXSR, PGE, PAE.
const CR4_EARLY: u64 = 0x0005_06a0;
/// EFER: NXE, LME.
const EFER_EARLY: u64 = 0x900;
/// XCR0: AVX-512's three, AVX, SSE, x87. AMX stays off: its state is 8 KiB per switch.
const XCR0_WANTED: u64 = 0xe7;

/// Makes every name an assembler symbol and assembles the files after them.
macro_rules! assemble {
    ([$($name:ident = $value:expr,)*] $($file:literal)*) => {
        core::arch::global_asm!(
            $(concat!(".set ", stringify!($name), ", {", stringify!($name), "}"),)*
            $(include_str!($file),)*
            $($name = const $value,)*
            options(att_syntax)
        );
    };
}

assemble!([
    PAGE = PAGE,
    LARGE_PAGE = LARGE_PAGE,
    PTE_P = paging::PTE_P,
    PTE_W = paging::PTE_W,
    PTE_U = paging::PTE_U,
    PTE_UNCACHED = paging::PTE_UNCACHED,
    PTE_AD = paging::PTE_AD,
    PTE_LARGE = paging::PTE_LARGE,
    PTE_NX = paging::PTE_NX,
    PTE_FRAME = paging::PTE_FRAME,
    PTE_TABLE = paging::PTE_P | paging::PTE_W | paging::PTE_U | paging::PTE_AD,
    // from a PC's IOAPIC to the end of the MiB where the LAPIC takes messages
    INTERRUPTS_START = 0xfec0_0000_u32,
    INTERRUPTS_END = layout::LAPIC_PA + (1 << 20),
    MAX_CORES = layout::MAX_CORES,
    FLAG_JIT = FLAG_JIT,
    FLAG_EXEC_STACK = FLAG_EXEC_STACK,
    STACKS_SHIFT = layout::STACKS_SHIFT,
    PORT_PANIC = ring::PORT_PANIC,
    // the blocks of one core
    BLOCK_MASK = offset_of!(CoreBlock, mask),
    BLOCK_PENDING = offset_of!(CoreBlock, pending),
    BLOCK_IRQ_RIP = offset_of!(CoreBlock, irq_rip),
    BLOCK_IRQ_RFLAGS = offset_of!(CoreBlock, irq_rflags),
    BLOCK_IRQ_RSP = offset_of!(CoreBlock, irq_rsp),
    BLOCK_IRQ_STACK = offset_of!(CoreBlock, irq_stack),
    BLOCK_IRQ_COUNT = offset_of!(CoreBlock, irq_count),
    BLOCK_FAULT_STACK = offset_of!(CoreBlock, fault_stack),
    BLOCK_FAULT_ACTIVE = offset_of!(CoreBlock, fault_active),
    BLOCK_FAULT_VECTOR = offset_of!(CoreBlock, fault_vector),
    BLOCK_FAULT_ERROR = offset_of!(CoreBlock, fault_error),
    BLOCK_FAULT_ADDRESS = offset_of!(CoreBlock, fault_address),
    BLOCK_FAULT_RIP = offset_of!(CoreBlock, fault_rip),
    BLOCK_FAULT_RFLAGS = offset_of!(CoreBlock, fault_rflags),
    BLOCK_FAULT_RSP = offset_of!(CoreBlock, fault_rsp),
    BLOCK_CORE = offset_of!(CoreBlock, core),
    BLOCK_FAULT_MASK = offset_of!(CoreBlock, fault_mask),
    BLOCK_SHOOTDOWNS = offset_of!(CoreBlock, shootdowns),
    NUB_CORE = abi::NUB_CORE,
    NUB_RSP0 = abi::NUB_RSP0,
    NUB_IO_BITMAP = abi::NUB_IO_BITMAP,
    NUB_TSS_LIMIT = abi::NUB_TSS_LIMIT,
    NUB_BLOCK = abi::NUB_DATA as usize + offset_of!(NubCore, block),
    NUB_LAPIC = abi::NUB_DATA as usize + offset_of!(NubCore, lapic),
    NUB_SHARED = abi::NUB_DATA as usize + offset_of!(NubCore, shared),
    NUB_BOOT_RSP = abi::NUB_DATA as usize + offset_of!(NubCore, boot_rsp),
    NUB_BOOT_INFO = abi::NUB_DATA as usize + offset_of!(NubCore, boot_info),
    NUB_XCR0 = abi::NUB_DATA as usize + offset_of!(NubCore, xcr0),
    NUB_SHARED_GDTR = offset_of!(NubShared, gdtr),
    NUB_SHARED_IDTR = offset_of!(NubShared, idtr),
    NUB_SHARED_CR3 = offset_of!(NubShared, cr3),
    NUB_SHARED_POOL_NEXT = offset_of!(NubShared, pool_next),
    NUB_SHARED_POOL_END = offset_of!(NubShared, pool_end),
    NUB_SHARED_NUB_START = offset_of!(NubShared, nub_start),
    NUB_SHARED_NUB_END = offset_of!(NubShared, nub_end),
    NUB_SHARED_TEXT_START = offset_of!(NubShared, text_start),
    NUB_SHARED_TEXT_END = offset_of!(NubShared, text_end),
    NUB_SHARED_LOCK = offset_of!(NubShared, lock),
    NUB_SHARED_FLAGS = offset_of!(NubShared, flags),
    // a bit of the shared flags, beside those of the boot info: early boot left what starts the other cores
    STARTABLE = 63,
    // vectors, selectors, gates
    VECTOR_BASE = abi::VECTOR_BASE,
    VECTOR_TIMER = abi::VECTOR_TIMER,
    VECTOR_SHOOTDOWN = abi::VECTOR_SHOOTDOWN,
    VECTOR_SPURIOUS = abi::VECTOR_SPURIOUS,
    VECTOR_STRIDE = abi::VECTOR_STRIDE,
    SEL_KERNEL_CODE = abi::SEL_KERNEL_CODE,
    SEL_KERNEL_DATA = abi::SEL_KERNEL_DATA,
    SEL_USER_DATA = abi::SEL_USER_DATA,
    SEL_USER_CODE = abi::SEL_USER_CODE,
    SEL_TSS = abi::SEL_TSS,
    SEL_EARLY_CODE32 = 8,
    GATE_WAIT = abi::GATE_WAIT,
    GATE_MAP = abi::GATE_MAP,
    GATE_TIMER = abi::GATE_TIMER,
    GATE_PROTECT = abi::GATE_PROTECT,
    GATE_IPI = abi::GATE_IPI,
    GATE_SEAL = abi::GATE_SEAL,
    GATE_TIMER_COUNT = abi::GATE_TIMER_COUNT,
    GATE_FLUSH = abi::GATE_FLUSH,
    GATE_START = abi::GATE_START,
    MAP_WRITE = abi::MAP_WRITE,
    MAP_EXEC = abi::MAP_EXEC,
    MAP_DEVICE = abi::MAP_DEVICE,
    MAP_ALL = abi::MAP_READ | abi::MAP_WRITE | abi::MAP_EXEC | abi::MAP_DEVICE,
    // the CPU's own numbers (Intel SDM, AMD APM)
    RFLAGS_FIXED = RFLAGS_FIXED,
    USER_RFLAGS = USER_RFLAGS,
    CR0_PE = 1,
    CR0_EARLY = CR0_EARLY,
    CR4_EARLY = CR4_EARLY,
    CR4_SMEP = 1 << 20,
    EFER_EARLY = EFER_EARLY,
    EFER_SCE = 1,
    MSR_EFER = 0xc000_0080_u32,
    MSR_LSTAR = 0xc000_0082_u32,
    XCR0_WANTED = XCR0_WANTED,
    FAULT_RSP = 7 * 8, // in FaultRecord::registers
    FRAME_BYTES = size_of::<signal::Frame>(),
    USER_R8 = signal::USER_REGISTERS,
    USER_RSP = signal::USER_REGISTERS + 8 * signal::USER_RSP,
    USER_RIP = signal::USER_REGISTERS + 8 * signal::USER_RIP,
    X87_EXCEPTIONS = 0x3f,
    X87_TOP = 7 << 11,
    XSAVE_HEADER = 512,
    XSAVE_HEADER_WORDS = 8,
    CPUID_1_ECX_XSAVE = 1 << 26,
    CPUID_7_EBX_FSGSBASE = 1 << 0,
    CPUID_7_EBX_SMEP = 1 << 7,
    TSS_RSP0 = 4,
    TSS_IOMAP = 102,
    LAPIC_EOI = 0xb0,
    LAPIC_SVR = 0xf0,
    LAPIC_ENABLE = 1 << 8,
    LAPIC_ICR_LOW = 0x300,
    LAPIC_ICR_HIGH = 0x310,
    ICR_PENDING = 1 << 12,
    // to all but this core: assert INIT; start at AP_PAGE
    ICR_INIT_OTHERS = 3 << 18 | 1 << 14 | 5 << 8,
    ICR_SIPI_OTHERS = 3 << 18 | 1 << 14 | 6 << 8 | super::pvh::AP_PAGE >> 12,
    LAPIC_LVT_TIMER = 0x320,
    LAPIC_INITIAL_COUNT = 0x380,
    LAPIC_CURRENT_COUNT = 0x390,
    LAPIC_DIVIDE = 0x3e0,
    LAPIC_DIVIDE_1 = 0xb,
    // COM1, and QEMU's isa-debug-exit where proxy puts it: a byte there ends QEMU, and proxy takes it as the exit code
    SERIAL_PORT = 0x3f8,
    DEBUG_EXIT_PORT = 0x501,
    EXIT_PANIC = 120,
    EXIT_CANNOT_RUN = 125,
    EARLY_STACK = 32768,
    PROBE_STACK = 256,
] "thread.S" "upcall.S" "signal.S" "nub.S" "gates.S" "gate_map.S" "gate_tables.S" "entry.S" "pvh.S" "ap.S");
