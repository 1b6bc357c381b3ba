//! The record of a fatal fault: registers and a copy of the stack, from which the host prints one block with a symbolized backtrace.
// SPDX-License-Identifier: BSD-3-Clause

/// First eight bytes of a record: "HERMITF1", little endian.
pub const MAGIC: u64 = u64::from_le_bytes(*b"HERMITF1");

/// At most this many stack bytes are copied behind a record.
pub const MAX_STACK: u64 = 16 << 10;

/// Cause: a CPU exception in the program; `vector`, `error`, `address` are valid.
pub const CAUSE_EXCEPTION: u32 = 1;
/// Cause: abort() or a signal that the program sent itself.
pub const CAUSE_SIGNAL: u32 = 2;
/// Cause: the libOS found a bug of its own.
pub const CAUSE_PANIC: u32 = 3;

/// Cause: none of a fault: where one thread is, told before the end of a deadlock for each of them, or where the program asks for its
/// backtrace (then the message ends with "is here"). Ends nothing.
pub const CAUSE_THREAD: u32 = 4;

/// A fatal fault. Followed by `stack_len` bytes of the stack from `stack_va`, then `message_len` bytes of UTF-8 text.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct FaultRecord {
    /// [`MAGIC`].
    pub magic: u64,
    /// [`crate::ABI_VERSION`].
    pub version: u32,
    /// CAUSE_*.
    pub cause: u32,
    /// Exit code to end with: 128 + Linux's signal number, or 120 for a panic.
    pub exit_code: u32,
    /// Core it happened on.
    pub core: u32,
    /// Exception vector.
    pub vector: u64,
    /// Its error code.
    pub error: u64,
    /// CR2 at a page fault.
    pub address: u64,
    /// What the libOS knows about `address`: one of REGION_*.
    pub region: u64,
    /// rip.
    pub rip: u64,
    /// rflags.
    pub rflags: u64,
    /// rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp, r8 ... r15.
    pub registers: [u64; 16],
    /// Virtual minus link address.
    pub load_bias: u64,
    /// Address of the first copied stack byte (rsp, or above it where rsp is unmapped).
    pub stack_va: u64,
    /// Copied stack bytes.
    pub stack_len: u32,
    /// Bytes of message.
    pub message_len: u32,
    /// Thread it happened in, 1 is the main one; 0: none, the libOS was idle.
    pub thread: u32,
    /// Padding, 0.
    pub reserved: u32,
}

/// `region`: nothing known.
pub const REGION_UNKNOWN: u64 = 0;
/// `region`: the NULL page.
pub const REGION_NULL: u64 = 1;
/// `region`: a guard below a stack: the stack overflowed.
pub const REGION_STACK_GUARD: u64 = 2;
/// `region`: the program's text or read-only data.
pub const REGION_IMAGE: u64 = 3;
/// `region`: the nub's own memory.
pub const REGION_NUB: u64 = 4;
