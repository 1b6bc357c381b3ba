//! How threads come and go.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicBool, Ordering};

use hermit_abi::layout::{round_up, GUARD};
use hermit_abi::{Range, LARGE_PAGE, PAGE};

use super::{block, cores, idle, place, policy, schedule, table, usage, State, Thread};
use crate::arch::context::UPCALL_STACK;
use crate::arch::{block as core_block, context, tls};
use crate::errno::Errno;
use crate::memory;
use crate::memory::stacks::{self, Shape};
use crate::sync::Mask;
use crate::{clock, futex, signal};

/// Default stack: this part of the memory, within these bounds ...
const STACK_PART: u64 = 1024;
const STACK_RANGE: (u64, u64) = (64 << 10, 8 << 20);
/// But as much as this where it is but a part of that size of the memory.
const STACK_USUAL: (u64, u64) = (128 << 10, 256);
/// Smallest stack: PTHREAD_STACK_MIN of newlib's limits.
const STACK_LEAST: u64 = 16 << 10;

/// Stacks from this size on are made of large pages: hundreds of small ones take milliseconds to map on a software KVM.
const LARGE_STACK: u64 = 3 << 19;

/// What a new thread is to be like; zeros and None: the default, or as the creator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish<'a> {
    /// Bytes of stack.
    pub stack_len: u64,
    /// Unmapped bytes below.
    pub guard_len: u64,
    /// Lowest address of a stack of the program's own.
    pub stack: u64,
    /// Policy and priority.
    pub policy: Option<(i32, i32)>,
    /// Cores.
    pub affinity: Option<&'a [u64]>,
}

/// The first thread of all is made at boot: it runs already, on core 0's upcall stack for interrupts.
pub fn init_main(stack: Range, thread_pointer: u64, upcall_top: u64) {
    let thread = table::init();
    thread.set_stack(stack, GUARD);
    thread.set_pointers(thread_pointer, upcall_top);
    thread.on_core.store(true, Ordering::Relaxed);
    thread.set_state(State::Running);
    let (core, _) = cores::here();
    core.level.store(u32::from(policy::NORMAL), Ordering::Relaxed);
    usage::begin_use(core, clock::monotonic());
    core_block::set_thread(thread);
}

/// Makes a thread that does nothing yet.
pub fn new(wish: &Wish) -> Result<&'static Thread, Errno> {
    first();
    let own = wish.stack == 0;
    let asked = if wish.stack_len == 0 { default_stack() } else { wish.stack_len };
    if asked < STACK_LEAST {
        return Err(Errno::Invalid);
    }
    let stack_len = if own { whole_pages(asked.min(1 << 40)) } else { 0 };
    let guard_len = round_up(wish.guard_len.min(1 << 40), PAGE).max(GUARD);
    let thread = slot(stack_len, guard_len)?;
    prepare(thread, wish, asked).inspect_err(|_| table::release(thread))?;
    Ok(thread)
}

/// Once, before the first thread: from now on there may be two.
fn first() {
    static DONE: AtomicBool = AtomicBool::new(false);
    if !DONE.load(Ordering::Relaxed) {
        DONE.store(true, Ordering::Relaxed);
        memory::end_single_threaded();
        clock::end_single_threaded();
        idle::measure();
    }
}

/// Bytes of stack where nobody asks for a size.
pub fn default_stack() -> u64 {
    let total = memory::total();
    let usual = STACK_USUAL.0.min(total / STACK_USUAL.1);
    whole_pages((total / STACK_PART).max(usual).clamp(STACK_RANGE.0, STACK_RANGE.1))
}

/// `len` bytes of stack or a bit more: small pages, or as much as fills large ones together with what stands above it.
fn whole_pages(len: u64) -> u64 {
    match len {
        ..LARGE_STACK => round_up(len, PAGE),
        _ => round_up(len + top_len(), LARGE_PAGE) - top_len(),
    }
}

/// A slot with memory that fits: a former thread's if there is one.
fn slot(stack_len: u64, guard_len: u64) -> Result<&'static Thread, Errno> {
    // A stack of twice the size would be a waste.
    let fits = |thread: &Thread| {
        let kept = thread.block().map(|block| block.range.len - top_len());
        let guarded = stack_len == 0 || thread.block_guard() >= guard_len;
        guarded && kept.is_some_and(|kept| (stack_len..=2 * stack_len).contains(&kept))
    };
    if let Some(thread) = table::take(fits) {
        return Ok(thread);
    }
    if let Ok(thread) = fresh(stack_len, guard_len) {
        return Ok(thread);
    }
    // Threads that are about to end may only want the core to do so.
    schedule::yield_now();
    match table::take(fits) {
        Some(thread) => Ok(thread),
        None if give_back_unused() => fresh(stack_len, guard_len),
        None => Err(Errno::Again),
    }
}

/// A slot with new memory.
fn fresh(stack_len: u64, guard_len: u64) -> Result<&'static Thread, Errno> {
    let shape = Shape { stack_len, top_len: top_len(), guard_len, align: tls::align() };
    let thread = empty_slot(stacks::lot_len(&shape))?;
    match stacks::make(&shape, thread.lot()) {
        Ok(block) => {
            thread.set_block(Some((block, guard_len)));
            Ok(thread)
        }
        Err(_) => {
            table::release(thread);
            Err(Errno::Again)
        }
    }
}

/// A slot without memory, but with addresses for a block that needs `lot_len` of them.
fn empty_slot(lot_len: u64) -> Result<&'static Thread, Errno> {
    let empty = |len: u64| move |thread: &Thread| thread.block().is_none() && thread.lot().len == len;
    if let Some(thread) = table::take_last(empty(lot_len)) {
        return Ok(thread);
    }
    loop {
        if let Some(thread) = table::take_last(empty(0)) {
            let lot = stacks::lot(lot_len).inspect_err(|_| table::release(thread))?;
            thread.set_lot(lot);
            return Ok(thread);
        }
        table::grow()?;
    }
}

/// Gives the stacks of ended threads back to the program; tells if there were any.
fn give_back_unused() -> bool {
    let mut any = false;
    while let Some(thread) = table::take(|thread| thread.block().is_some()) {
        if let Some(block) = thread.block() {
            stacks::give_back(&block);
        }
        thread.set_block(None);
        thread.set_stack(Range::default(), 0);
        table::release(thread);
        any = true;
    }
    any
}

/// Bytes above a stack: upcall stack and thread-local storage.
fn top_len() -> u64 {
    round_up(UPCALL_STACK + tls::len(), PAGE)
}

fn prepare(thread: &'static Thread, wish: &Wish, asked: u64) -> Result<(), Errno> {
    let Some(block) = thread.block() else { return Err(Errno::Again) };
    // The guard is the block's own, whatever stack its last thread had.
    match wish.stack {
        0 => thread.set_stack(block.stack(top_len()), thread.block_guard()),
        own => thread.set_stack(Range::new(own, asked), 0),
    }
    let control = tls::make(block.range.end());
    thread.set_pointers(control, block.range.end() - top_len() + UPCALL_STACK);
    if let Some(creator) = core_block::thread() {
        policy::inherit(thread, creator);
        thread.signals.inherit(&creator.signals);
        thread.core.store(creator.core.load(Ordering::Relaxed), Ordering::Relaxed);
    }
    for counter in [&thread.ran, &thread.word, &thread.end_word] {
        counter.store(0, Ordering::Relaxed);
    }
    thread.inside.store(0, Ordering::Relaxed);
    if let Some((name, priority)) = wish.policy {
        policy::set(thread, name, priority)?;
    }
    match wish.affinity {
        Some(set) => policy::set_affinity(thread, set),
        None => Ok(()),
    }
}

/// Lets it run: `entry(argument)`.
pub fn start(thread: &'static Thread, entry: u64, argument: u64) {
    // Its first use of this memory: then others sleep that would take it at once.
    let fresh = !thread.used.swap(true, Ordering::Relaxed);
    thread.entry[0].store(entry, Ordering::Relaxed);
    thread.entry[1].store(argument, Ordering::Relaxed);
    context::prepare(thread);
    block::count_new();
    thread.set_state(State::Ready);
    place::place_new(thread, fresh);
}

/// Ends the calling thread; `word` is cleared when it has left its stack, and 0 gives its memory back by itself.
pub fn end(word: u64) -> ! {
    let _mask = Mask::set();
    if let Some(thread) = core_block::thread() {
        thread.end_word.store(word, Ordering::Relaxed);
        thread.set_state(State::Ended);
        signal::end_thread(thread.id());
        schedule::leave(thread);
    }
    unreachable!("an ended thread goes on")
}

/// The thread has left its stack for good.
pub fn ended(thread: &'static Thread) {
    thread.ends.fetch_add(1, Ordering::SeqCst);
    let word = thread.end_word.load(Ordering::Relaxed);
    if word == 0 {
        table::release(thread);
    } else {
        memory::clear_word(word, |word| {
            futex::wake(word, u32::MAX);
        });
    }
    futex::wake(&thread.ends, u32::MAX);
    // Only now: those who waited for it can run.
    block::count_end();
}

/// Gives back what belongs to a thread that never started, or has ended and cleared its word.
pub fn free(id: i32) {
    let thread = u32::try_from(id).ok().and_then(table::get);
    if let Some(thread) = thread.filter(|thread| matches!(thread.state(), State::New | State::Ended)) {
        table::release(thread);
    }
}

/// Waits until the thread `id` has ended; one that has already is no error.
pub fn join(id: i32) -> Result<(), Errno> {
    let thread = u32::try_from(id).ok().and_then(table::get).ok_or(Errno::NoProcess)?;
    let ends = thread.ends.load(Ordering::SeqCst);
    while thread.ends.load(Ordering::SeqCst) == ends && !matches!(thread.state(), State::Free | State::Ended) {
        futex::sleep(&thread.ends, ends);
    }
    Ok(())
}
