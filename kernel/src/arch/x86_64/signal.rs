//! Signal frames: what a handler finds on its stack, and the way back out of it.
// SPDX-License-Identifier: BSD-3-Clause
use core::mem::offset_of;
use core::sync::atomic::Ordering;

use hermit_abi::core::{SEL_USER_CODE, SEL_USER_DATA};

use super::cpu::hermit_xsave_size;
use crate::fault::{self, Context};
use crate::signal::{self, Delivery, Info, Stack};

extern "C" {
    fn hermit_signal_door();
    fn hermit_signal_return();
    fn hermit_user_copy(to: u64, from: u64, len: usize) -> usize;
}

/// What the upcall goes back to: the program's registers as in `FaultRecord::registers` (but rsp), then what `iretq` takes.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Frame {
    registers: [u64; 16],
    rip: u64,
    cs: u64,
    rflags: u64,
    rsp: u64,
    ss: u64,
}

/// Places in `Frame::registers`.
const RAX: usize = 0;
const RDX: usize = 3;
const RSI: usize = 4;
const RDI: usize = 5;
const RSP: usize = 7;
/// rflags: what a handler starts without, TF, DF and RF; what a program may set, those and the arithmetic ones, AC and ID.
const CLEARED: u64 = 1 << 8 | 1 << 10 | 1 << 16;
const SETTABLE: u64 = 0xcd5 | CLEARED | 1 << 18 | 1 << 21;
/// rflags in ring 3: IF and the bit that is always 1.
const FIXED: u64 = 1 << 9 | 1 << 1;
/// Where the lower half of the address space ends.
const LOWER_HALF: u64 = 1 << 47;
/// FXSAVE area: MXCSR, and the bytes that the CPU leaves to software.
const MXCSR: usize = 24;
const SOFTWARE: usize = 464;
/// Its MXCSR as a thread begins.
const MXCSR_DEFAULT: u32 = 0x1f80;
const MXCSR_BITS: u32 = 0xffff;
/// XSAVE header; its first byte has a bit for each state that differs from a thread's first.
const HEADER: usize = 512;
const X87_AND_SSE: u8 = 3;
const HEADER_LEN: usize = 64;
/// XCR0's bits that we save, as asm.rs has them.
const STATES: u64 = 0xe7;
/// How an area says that it is one of XSAVE's, and where that ends: Linux's numbers, which debuggers and runtimes look for.
const MAGIC_1: u32 = 0x4650_5853;
const MAGIC_2: u32 = 0x4650_5845;

/// mcontext_t and what is around it: ucontext_t as glibc lays it out.
#[repr(C)]
#[derive(Clone, Copy)]
struct UserContext {
    flags: u64,
    link: u64,
    stack: Stack,
    /// r8 ... r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags, selectors, error, vector, mask, CR2.
    registers: [u64; 23],
    floating: u64,
    /// The first is ours: what the handler's return tells the call in which it ran.
    reserved: [u64; 8],
    mask: [u64; 16],
}

/// `FaultRecord::registers` by the order of `UserContext::registers`: r8 ... r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp.
const ORDER: [usize; 16] = [8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 1, 3, 0, 2, 7];
/// Where `UserContext::registers` are, and places in them.
pub const USER_REGISTERS: usize = offset_of!(UserContext, registers);
/// rsp's.
pub const USER_RSP: usize = 15;
/// The next one.
pub const USER_RIP: usize = 16;
const USER_RFLAGS: usize = 17;
const USER_SELECTORS: usize = 18;
const USER_ERROR: usize = 19;
const USER_VECTOR: usize = 20;
const USER_CR2: usize = 22;

/// From the return address upwards; the XSAVE area comes above it.
#[repr(C)]
#[derive(Clone, Copy)]
struct UserFrame {
    back: u64,
    context: UserContext,
    info: Info,
}

/// `sigreturn` finds rsp at the context.
const _: () = assert!(offset_of!(UserFrame, context) == 8);

impl Frame {
    fn context(&self) -> Context {
        let mut registers = self.registers;
        registers[RSP] = self.rsp;
        Context { rip: self.rip, rflags: self.rflags, registers }
    }
}

/// Delivers what is pending for the calling thread; masked, comes back unmasked.
pub fn door() {
    // SAFETY: the thread is masked; all that the call must keep is kept by the upcall or the handler's frame.
    unsafe { hermit_signal_door() };
}

/// Bytes of an XSAVE area here.
fn area_len() -> usize {
    hermit_xsave_size.load(Ordering::Relaxed) as usize
}

/// The upcall is about to go back to the thread, masked: if a signal is there for it, it goes to the handler instead.
#[no_mangle]
unsafe extern "C" fn hermit_on_return(frame: *mut Frame, area: *mut u8) {
    // SAFETY: the upcall's own stack, where frame and area stand, is ours until we return.
    let (frame, area) = unsafe { (&mut *frame, core::slice::from_raw_parts_mut(area, area_len())) };
    if !signal::has_work() {
        return;
    }
    let context = frame.context();
    let Some(delivery) = signal::look(&context) else { return };
    if enter(frame, area, &delivery).is_err() {
        // No stack to put the frame on: the end, as what it would have told, or as the overflow that it is.
        signal::cannot_deliver(&delivery, &context);
    }
}

/// Puts the handler's frame on its stack and makes the upcall go there.
fn enter(frame: &mut Frame, area: &mut [u8], delivery: &Delivery) -> Result<(), ()> {
    const ALIGN: u64 = 64;
    let end = [0_u8; 4];
    let place = delivery.top.wrapping_sub((area.len() + end.len()) as u64) & !(ALIGN - 1);
    // 16-byte aligned but for the return address, as at every function's first instruction.
    let base = (place.wrapping_sub(size_of::<UserFrame>() as u64) & !15).wrapping_sub(8);
    // The alternate stack has no guard.
    let overflows = delivery.stack.flags == signal::ON_IT && base < delivery.stack.base;
    if base >= LOWER_HALF || place >= LOWER_HALF || overflows {
        return Err(());
    }
    mark(area);
    let back: unsafe extern "C" fn() = hermit_signal_return;
    let user = UserFrame { back: back as usize as u64, context: describe(frame, delivery, place), info: delivery.info };
    copy_out(place, area)?;
    copy_out(place + area.len() as u64, &MAGIC_2.to_le_bytes())?;
    // SAFETY: a plain structure without padding.
    copy_out(base, unsafe { core::slice::from_raw_parts((&raw const user).cast(), size_of::<UserFrame>()) })?;
    frame.registers[RAX] = 0;
    frame.registers[RDI] = u64::from(delivery.info.number);
    frame.registers[RSI] = base + offset_of!(UserFrame, info) as u64;
    frame.registers[RDX] = base + offset_of!(UserFrame, context) as u64;
    frame.rip = delivery.handler;
    frame.rflags &= !CLEARED;
    frame.rsp = base;
    clean(area);
    Ok(())
}

fn describe(frame: &Frame, delivery: &Delivery, place: u64) -> UserContext {
    let mut registers = [0; 23];
    for (to, from) in registers.iter_mut().zip(ORDER) {
        *to = frame.registers[from];
    }
    registers[USER_RSP] = frame.rsp;
    registers[USER_RIP] = frame.rip;
    registers[USER_RFLAGS] = frame.rflags;
    registers[USER_SELECTORS] = u64::from(SEL_USER_CODE) | u64::from(SEL_USER_DATA) << 48;
    if let Some(fault) = &delivery.fault {
        registers[USER_ERROR] = fault.error;
        registers[USER_VECTOR] = fault.vector;
        registers[USER_CR2] = fault.cr2;
    }
    let (mut mask, mut reserved) = ([0; 16], [0; 8]);
    mask[0] = delivery.mask;
    reserved[0] = u64::from(delivery.noted);
    UserContext { flags: 1, link: 0, stack: delivery.stack, registers, floating: place, reserved, mask }
}

/// Says in the area's own words how long it is.
fn mark(area: &mut [u8]) {
    let len = area.len() as u32;
    let mut put = |at: usize, bytes: &[u8]| area[SOFTWARE + at..SOFTWARE + at + bytes.len()].copy_from_slice(bytes);
    put(0, &MAGIC_1.to_le_bytes());
    put(4, &(len + 4).to_le_bytes());
    put(8, &STATES.to_le_bytes());
    put(16, &len.to_le_bytes());
    // x87 and SSE as if they were in use, which they may not have been: what a handler changes there counts.
    area[HEADER] |= X87_AND_SSE;
}

/// Makes the area one of a thread that has not computed yet.
fn clean(area: &mut [u8]) {
    area[HEADER..HEADER + HEADER_LEN].fill(0);
    area[MXCSR..MXCSR + 4].copy_from_slice(&MXCSR_DEFAULT.to_le_bytes());
}

/// The way back: frame and area become what the handler's ucontext says; masked, on the thread's upcall stack.
#[no_mangle]
unsafe extern "C" fn hermit_on_signal_return(context: u64, frame: *mut Frame, area: *mut u8) {
    // SAFETY: both are fresh places on the upcall's stack.
    let (frame, area) = unsafe { (&mut *frame, core::slice::from_raw_parts_mut(area, area_len())) };
    *frame = Frame {
        registers: [0; 16],
        rip: 0,
        cs: u64::from(SEL_USER_CODE),
        rflags: FIXED,
        rsp: context,
        ss: u64::from(SEL_USER_DATA),
    };
    area.fill(0);
    clean(area);
    if restore(context, frame, area).is_err() {
        fault::raised(signal::linux(signal::SEGV), &frame.context());
    }
}

fn restore(at: u64, frame: &mut Frame, area: &mut [u8]) -> Result<(), ()> {
    let mut context = [0_u64; size_of::<UserContext>() / 8];
    copy_in(bytes_of(&mut context), at)?;
    let words = |offset: usize| &context[offset / 8..];
    let registers = words(offset_of!(UserContext, registers));
    for (from, to) in ORDER.into_iter().enumerate() {
        frame.registers[to] = registers[from];
    }
    frame.rsp = registers[USER_RSP];
    frame.rip = registers[USER_RIP];
    frame.rflags = registers[USER_RFLAGS] & SETTABLE | FIXED;
    let floating = words(offset_of!(UserContext, floating))[0];
    if floating != 0 {
        copy_in(area, floating)?;
        sanitize(area);
    }
    signal::returned(words(offset_of!(UserContext, mask))[0], words(offset_of!(UserContext, reserved))[0] as u32);
    // `iretq` would fault at those, in the middle of the upcall.
    if frame.rip < LOWER_HALF && frame.rsp < LOWER_HALF {
        Ok(())
    } else {
        Err(())
    }
}

/// XRSTOR faults at what the CPU does not know; a handler may have written anything.
fn sanitize(area: &mut [u8]) {
    let word = |area: &[u8], at: usize| area[at..at + 8].try_into().map_or(0, u64::from_le_bytes);
    let states = word(area, HEADER) & STATES & super::cpu::xcr0();
    let mxcsr = word(area, MXCSR) as u32 & MXCSR_BITS;
    area[HEADER..HEADER + HEADER_LEN].fill(0);
    area[HEADER..HEADER + 8].copy_from_slice(&states.to_le_bytes());
    area[MXCSR..MXCSR + 4].copy_from_slice(&mxcsr.to_le_bytes());
}

fn bytes_of(words: &mut [u64]) -> &mut [u8] {
    // SAFETY: words are bytes.
    unsafe { core::slice::from_raw_parts_mut(words.as_mut_ptr().cast(), words.len() * 8) }
}

fn copy_out(to: u64, bytes: &[u8]) -> Result<(), ()> {
    // SAFETY: a fault ends the copy; the program's stack below its stack pointer and red zone is nobody's.
    match unsafe { hermit_user_copy(to, bytes.as_ptr() as u64, bytes.len()) } {
        0 => Ok(()),
        _ => Err(()),
    }
}

fn copy_in(bytes: &mut [u8], from: u64) -> Result<(), ()> {
    // SAFETY: a fault ends the copy; the bytes are ours.
    match unsafe { hermit_user_copy(bytes.as_mut_ptr() as u64, from, bytes.len()) } {
        0 => Ok(()),
        _ => Err(()),
    }
}

/// Which exception of floating point it was, of those noted in this area: si_code of SIGFPE.
pub fn float_code(area: &[u8], vector: u64) -> i32 {
    const X87: u64 = 16;
    let word = |at: usize| u32::from(area[at]) | u32::from(area[at + 1]) << 8;
    // Noted and not masked: x87 has a control word and a status word, SSE both in MXCSR.
    let noted = if vector == X87 { word(2) & !word(0) } else { word(MXCSR) & !(word(MXCSR) >> 7) } & 0x3f;
    const CODES: [(u32, i32); 5] = [(1, 7), (1 << 2, 3), (1 << 3, 4), (1 << 1 | 1 << 4, 5), (1 << 5, 6)];
    CODES.iter().find(|(bits, _)| noted & bits != 0).map_or(0, |(_, code)| *code)
}

/// The XSAVE area that the fault upcall saved.
///
/// # Safety
/// `area` is that area, and nobody else's.
pub unsafe fn area<'a>(area: *const u8) -> &'a [u8] {
    // SAFETY: by the contract.
    unsafe { core::slice::from_raw_parts(area, area_len()) }
}
