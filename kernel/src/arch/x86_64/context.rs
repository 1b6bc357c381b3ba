//! What is kept of a context that does not run: its stack, with all that a C call must keep on top of it (thread.S).
// SPDX-License-Identifier: BSD-3-Clause
use core::arch::asm;
use core::sync::atomic::{AtomicU64, Ordering};

use hermit_abi::layout::IRQ_STACK;

use super::block;
use crate::fault::Context as Registers;
use crate::thread::{create, idle, schedule, Thread};

extern "C" {
    fn hermit_switch(save: *const AtomicU64, load: u64, left: u64) -> u64;
    fn hermit_switched();
    fn hermit_thread_begin();
}

/// Words that hermit_switch keeps, from the lowest: MXCSR, x87 control and status word, r15, r14, r13, r12, rbx, rbp, return address.
const FRAME: usize = 8;
const R13: usize = 3;
const R12: usize = 4;
const RETURN: usize = 7;
/// MXCSR and x87 control word: all exceptions masked, round to nearest, 64-bit mantissa (as at reset and on Linux).
const FLOATING: u64 = 0x037f_0000_1f80;
/// The exceptions in x87's status word, and their masks in its control word.
const X87_EXCEPTIONS: u16 = 0x3f;

/// A context: 0 while it runs.
#[derive(Debug, Default)]
pub struct Context(AtomicU64);

impl Context {
    /// None yet.
    pub const fn none() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Makes the context begin in `function(argument)`, which never returns, on the unused stack that ends at `top`, with the first word
    /// of its frame as given.
    fn begin(&self, top: u64, function: extern "C" fn(u64) -> !, argument: u64, floating: u64) {
        // Two words above the frame, so that the function begins as if called.
        let frame = (top & !15) - 8 * (FRAME as u64 + 2);
        let words = frame as *mut u64;
        let begin: unsafe extern "C" fn() = hermit_thread_begin;
        // SAFETY: room on an unused stack, by the contract of this file's two callers.
        unsafe {
            core::ptr::write_bytes(words, 0, FRAME + 2);
            *words = floating;
            *words.add(R13) = argument;
            *words.add(R12) = function as usize as u64;
            *words.add(RETURN) = begin as usize as u64;
        }
        self.0.store(frame, Ordering::Release);
    }

    /// Where the context will go on, for a backtrace.
    pub fn registers(&self) -> Registers {
        let frame = self.0.load(Ordering::Acquire);
        let mut registers = [0; 16];
        let resume: unsafe extern "C" fn() = hermit_switched;
        registers[7] = frame;
        Registers { rip: resume as usize as u64, rflags: 0, registers }
    }
}

/// Leaves `from`, which calls, for `to`; `left` is told to it. Comes back when somebody switches to `from` again, with what they left.
/// For the scheduler alone: `to` is kept and nobody else's to continue, and interrupts are masked.
pub fn switch(from: &Context, to: &Context, left: u32) -> u64 {
    let load = to.0.load(Ordering::Acquire);
    // SAFETY: by the contract above the stack at `load` is whole.
    unsafe { hermit_switch(&raw const from.0, load, left.into()) }
}

/// Makes a thread's context begin with its entry, and with the caller's floating-point environment (C11 7.26.5.1, POSIX).
pub fn prepare(thread: &'static Thread) {
    thread.context.begin(thread.stack().end(), enter_thread, thread.id().into(), floating());
}

/// The caller's MXCSR, x87 control word, and of x87's exceptions those that trap nowhere.
fn floating() -> u64 {
    let (mut mxcsr, mut control, mut status) = (0_u32, 0_u16, 0_u16);
    // SAFETY: each stores its few bytes where it is told.
    unsafe {
        asm!("stmxcsr [{}]", in(reg) &raw mut mxcsr, options(nostack, preserves_flags));
        asm!("fnstcw [{}]", in(reg) &raw mut control, options(nostack, preserves_flags));
        asm!("fnstsw [{}]", in(reg) &raw mut status, options(nostack, preserves_flags));
    }
    u64::from(mxcsr) | u64::from(control) << 32 | u64::from(status & control & X87_EXCEPTIONS) << 48
}

/// Makes an idle context begin, on the stack that ends at `top`.
pub fn prepare_idle(context: &Context, top: u64) {
    context.begin(top, enter_idle, 0, FLOATING);
}

extern "C" fn enter_idle(_: u64) -> ! {
    idle::run()
}

/// The first function of a thread.
extern "C" fn enter_thread(_: u64) -> ! {
    block::unmask();
    if let Some(thread) = block::thread() {
        let [entry, argument] = [0, 1].map(|index| thread.entry[index].load(Ordering::Relaxed));
        // SAFETY: the function and argument that the program gave for its thread.
        let entry: extern "C" fn(u64) = unsafe { core::mem::transmute(entry as usize as *const ()) };
        entry(argument);
    }
    create::end(0)
}

/// Enters a context for the first time: rax of hermit_thread_begin.
#[no_mangle]
extern "C" fn hermit_switched_to(left: u64) {
    schedule::switched(left);
}

/// Makes the core's block and FS those of `thread`.
pub fn install(thread: &'static Thread) {
    block::set_thread(thread);
    block::set_irq_stack(thread.upcall_top());
    set_fs(thread.thread_pointer());
}

fn set_fs(control: u64) {
    // SAFETY: the thread's own control block, of memory that stays as long as the thread.
    unsafe { asm!("wrfsbase {}", in(reg) control, options(nostack, preserves_flags)) };
}

/// Bytes of the stack that an interrupt of a thread uses.
pub const UPCALL_STACK: u64 = IRQ_STACK;
