//! Fatal faults: the record that the host prints, and the exit code that says which signal it was.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::fmt::Write;
use core::sync::atomic::{AtomicU64, Ordering};

use hermit_abi::boot::BootInfo;
use hermit_abi::fault::{
    FaultRecord, CAUSE_EXCEPTION, CAUSE_PANIC, CAUSE_SIGNAL, CAUSE_THREAD, MAGIC, MAX_STACK, REGION_UNKNOWN,
};
use hermit_abi::{Range, ABI_VERSION};

use crate::arch::{block, fault};
use crate::log::Line;
use crate::memory::shared::Buffer;
use crate::thread::Thread;
use crate::{console, memory};

/// Exit code of a bug of the libOS's.
const EXIT_PANIC: u32 = 120;
/// Exit codes of a program that a signal ends: this plus Linux's number.
const EXIT_SIGNAL: u32 = 128;
/// Page fault.
const VECTOR_PF: u64 = 14;
/// Index of rsp among `FaultRecord::registers`.
const RSP: usize = 7;

/// Where the program was.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// Instruction.
    pub rip: u64,
    /// Flags.
    pub rflags: u64,
    /// As in `FaultRecord::registers`.
    pub registers: [u64; 16],
}

impl Context {
    /// Stack pointer.
    pub fn rsp(&self) -> u64 {
        self.registers[RSP]
    }
}

/// Linux's number of the signal that an exception is.
fn signal(vector: u64) -> u32 {
    match vector {
        0 | 16 | 19 => 8, // divide, x87, SSE: SIGFPE
        1 | 3 => 5,       // debug, breakpoint: SIGTRAP
        6 => 4,           // invalid opcode: SIGILL
        17 => 7,          // alignment: SIGBUS
        _ => 11,          // SIGSEGV
    }
}

/// A CPU exception of the program's.
pub fn exception(vector: u64, error: u64, address: u64, context: &Context) -> ! {
    let record = FaultRecord {
        cause: CAUSE_EXCEPTION,
        exit_code: EXIT_SIGNAL + signal(vector),
        vector,
        error,
        address: if vector == VECTOR_PF { address } else { 0 },
        ..FaultRecord::default()
    };
    end(record, context, &[])
}

/// A signal that ends the program, by Linux's number, taken at `context`.
pub fn raised(number: u32, context: &Context) -> ! {
    end(FaultRecord { cause: CAUSE_SIGNAL, exit_code: EXIT_SIGNAL + number, ..FaultRecord::default() }, context, &[])
}

/// A bug of the libOS's.
pub fn panic(message: &[u8]) -> ! {
    end(FaultRecord { cause: CAUSE_PANIC, exit_code: EXIT_PANIC, ..FaultRecord::default() }, &fault::here(), message)
}

/// Tells where a thread waits; nothing ends.
pub fn tell_thread(thread: &Thread) {
    // The last one to wait has not left its stack.
    let current = block::thread().is_some_and(|current| core::ptr::eq(current, thread));
    let context = if current { fault::here() } else { thread.context.registers() };
    let (record, message) = place(thread, "waits");
    console::tell(|info, buffer| complete(record, &context, Some(thread), message.bytes(), info, buffer));
}

/// Tells where the calling thread is, which goes on.
pub fn tell_caller() {
    if let Some(thread) = block::thread() {
        let (record, message) = place(thread, "is here");
        let context = fault::here();
        console::tell_calmly(|info, buffer| complete(record, &context, Some(thread), message.bytes(), info, buffer));
    }
}

/// The record of a thread's place, and its title.
fn place(thread: &Thread, what: &str) -> (FaultRecord, Line) {
    let mut message = Line::new();
    // A line cannot fail: it is cut off.
    let _ = write!(message, "thread {} {what}", thread.id());
    (FaultRecord { cause: CAUSE_THREAD, ..FaultRecord::default() }, message)
}

fn end(record: FaultRecord, context: &Context, message: &[u8]) -> ! {
    block::mask();
    // Another core's thread may have faulted at the same time: the first one's end is the guest's. Another end on the way to this one is
    // a bug that nobody can be told of.
    static ENDS_ON: AtomicU64 = AtomicU64::new(u64::MAX);
    match ENDS_ON.compare_exchange(u64::MAX, block::core(), Ordering::SeqCst, Ordering::SeqCst) {
        Err(core) if core == block::core() => fault::give_up(),
        Err(_) => fault::rest(),
        Ok(_) => {}
    }
    console::fault(|info, buffer| complete(record, context, block::thread(), message, info, buffer))
}

/// Writes record, stack and message; gives the bytes in all.
fn complete(
    mut record: FaultRecord,
    context: &Context,
    thread: Option<&Thread>,
    message: &[u8],
    info: &BootInfo,
    buffer: &mut Buffer,
) -> usize {
    let (stack, guard) = thread.map_or_else(Default::default, |thread| (thread.stack(), thread.guard()));
    record.thread = thread.map_or(0, Thread::id);
    let head = size_of::<FaultRecord>();
    record.magic = MAGIC;
    record.version = ABI_VERSION;
    record.core = block::core() as u32;
    record.rip = context.rip;
    record.rflags = context.rflags;
    record.registers = context.registers;
    record.load_bias = info.load_bias;
    record.region =
        if record.vector == VECTOR_PF { memory::classify(info, guard, record.address) } else { REGION_UNKNOWN };
    let rsp = context.registers[RSP];
    // rsp, or where the stack begins if rsp ran into the guard below it
    record.stack_va = if guard.contains(&Range::new(rsp, 1)) { stack.start } else { rsp };
    let stack = buffer.fill(head, MAX_STACK as usize, |room| fault::probe(record.stack_va, room));
    record.stack_len = stack as u32;
    record.message_len = message.len() as u32;
    buffer.put(head + stack, message);
    buffer.put_value(0, record);
    head + stack + message.len()
}
