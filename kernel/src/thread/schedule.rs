//! Who runs: switching to the next thread, and whether the running one goes on.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicU64, Ordering};

use hermit_abi::core::{VECTOR_BASE, VECTOR_DEVICE, VECTOR_TIMER, VECTOR_WAKE};

use super::cores::{self, Core};
use super::place::{balance, kick, pick, place, push_out, put, End};
use super::policy::FIFO;
use super::{create, table, timer, usage, State, Thread};
use crate::arch::{block, context, cpu};
use crate::clock::monotonic;
use crate::console;
use crate::sync::Mask;

/// Bit of `pending`: this core has to look at what has changed.
pub const WAKE_BIT: u8 = VECTOR_WAKE - VECTOR_BASE;
const TIMER: u64 = 1 << (VECTOR_TIMER - VECTOR_BASE);
const DEVICE: u64 = 1 << (VECTOR_DEVICE - VECTOR_BASE);

/// A turn among equals, ns. idle.rs knows what an interrupt costs and sets it.
static SLICE: AtomicU64 = AtomicU64::new(10_000_000);

/// Sets the length of a turn, ns.
pub fn set_slice(ns: u64) {
    SLICE.store(ns, Ordering::Relaxed);
}

/// The length of a turn, ns.
pub fn slice() -> u64 {
    SLICE.load(Ordering::Relaxed)
}

/// Leaves the core to whoever is next; comes back when the calling thread runs again, maybe elsewhere. Interrupts are masked, and the
/// thread's state says already what becomes of it.
pub fn leave(current: &'static Thread) {
    let (core, number) = cores::here();
    let now = monotonic();
    usage::account(core, current, now);
    timer::expire(core, now);
    let left = match pick(core, number) {
        Some(next) if core::ptr::eq(next, current) => return enter(core, number, next),
        Some(next) => {
            enter(core, number, next);
            context::switch(&current.context, &next.context, current.id())
        }
        None => {
            core.level.store(0, Ordering::Relaxed);
            block::clear_thread();
            context::switch(&current.context, &core.idle, current.id())
        }
    };
    switched(left);
}

/// What was left behind on this core stands on its stack no more.
pub fn switched(left: u64) {
    let Some(thread) = table::get(left as u32) else { return };
    let over = thread.state() == State::Ended;
    thread.on_core.store(false, Ordering::SeqCst);
    if over {
        return create::ended(thread);
    }
    let queued_on = thread.core.load(Ordering::Relaxed) as usize;
    if thread.state() == State::Ready && queued_on != cores::here().1 {
        cores::wake(queued_on); // it may have looked, and passed over the thread
    }
}

/// Makes `next` the thread that runs on this core, but for the switch itself.
pub fn enter(core: &Core, number: usize, next: &'static Thread) {
    next.on_core.store(true, Ordering::Relaxed);
    next.core.store(number as u32, Ordering::Relaxed);
    next.set_state(State::Running);
    // Who changes its cores or its level looks afterwards whether it runs: one of us sees the other.
    let level = u32::from(next.level.load(Ordering::Relaxed));
    core.level.store(level, Ordering::SeqCst);
    // So it is with who queues a thread and then looks at the level; the calling thread has been over that already.
    let goes_on = block::thread().is_some_and(|current| core::ptr::eq(current, next));
    let overtaken = !goes_on && core.queued_level.load(Ordering::Relaxed) > level;
    if next.signals.has_attention() || !next.may_run_on(number) || overtaken {
        block::set_pending(WAKE_BIT);
    }
    let now = monotonic();
    usage::begin_use(core, now);
    let turn = match next.turn_left.swap(0, Ordering::Relaxed) {
        0 => slice(),
        left => left,
    };
    core.slice_end.store(now + turn, Ordering::Relaxed);
    if core.queued.load(Ordering::Relaxed) > 0 {
        timer::arm(core, now + turn);
    } else {
        core.kick.store(false, Ordering::Relaxed);
    }
    timer::arm_deadline(core, now);
    context::install(next);
}

/// Where a thread was it may be on its way out still: waits until it is. The calling thread itself is fine where it is.
pub fn await_off_core(thread: &'static Thread) {
    if block::thread().is_some_and(|current| core::ptr::eq(current, thread)) {
        return;
    }
    while thread.on_core.load(Ordering::Acquire) {
        cpu::relax();
    }
}

/// Lets others of at least the same urgency run.
pub fn yield_now() {
    let _mask = Mask::set();
    let Some(current) = block::thread() else { return };
    let (core, number) = cores::here();
    let waiting = core.queued.load(Ordering::Relaxed) > 0;
    if waiting && core.queued_level.load(Ordering::Relaxed) >= u32::from(current.level.load(Ordering::Relaxed)) {
        make_way(core, number, current, End::Back);
    }
}

/// The running thread goes back to its core's queue.
fn make_way(core: &Core, number: usize, current: &'static Thread, end: End) {
    current.set_state(State::Ready);
    put(core, number, current, end);
    leave(current);
}

/// Somebody waits from now on for the running thread's turn to end.
pub fn begin_slice(core: &Core) {
    let now = monotonic();
    if core.slice_end.load(Ordering::Relaxed) < now {
        core.slice_end.store(now + slice(), Ordering::Relaxed);
    }
    timer::arm(core, core.slice_end.load(Ordering::Relaxed));
}

/// Makes the core of a running thread look at what has changed: priority, cores, signals.
pub fn reconsider(thread: &Thread) {
    if thread.state() != State::Running {
        return;
    }
    let _mask = Mask::set();
    let number = thread.core.load(Ordering::Relaxed) as usize;
    if number == cores::here().1 {
        block::set_pending(WAKE_BIT);
    } else {
        cores::wake(number);
    }
}

/// Interrupts `bits` came to this core. Called with interrupts masked, by what runs here: another thread may run before it goes on.
pub fn interrupted(bits: u64) {
    if !cores::ready() {
        return; // the boot core waits for a device
    }
    let (core, number) = cores::here();
    if bits & TIMER != 0 {
        core.armed.store(u64::MAX, Ordering::Relaxed);
    }
    if bits & DEVICE != 0 {
        console::interrupted();
    }
    let now = monotonic();
    timer::expire(core, now);
    match block::thread() {
        Some(current) => consider(core, number, current, now),
        None => return,
    }
    let (core, _) = cores::here();
    timer::arm_deadline(core, now);
}

/// Does the running thread go on? Not if it may not run here, a more urgent one waits, or its turn is over and equals wait.
fn consider(core: &Core, number: usize, current: &'static Thread, now: u64) {
    let level = u32::from(current.level.load(Ordering::Relaxed));
    core.level.store(level, Ordering::Relaxed);
    let urgent = core.urgent.swap(false, Ordering::Relaxed);
    if !current.may_run_on(number) {
        usage::account(core, current, now);
        current.set_state(State::Ready);
        place(current, End::Back);
        return leave(current);
    }
    if core.queued.load(Ordering::Relaxed) == 0 {
        return;
    }
    if now >= core.slice_end.load(Ordering::Relaxed) {
        kick(core);
        match core.queued_level.load(Ordering::Relaxed) {
            top if top < level => push_out(core, number),
            _ => balance(core, number),
        }
    }
    let top = core.queued_level.load(Ordering::Relaxed);
    let left = core.slice_end.load(Ordering::Relaxed).saturating_sub(now);
    if top > level || (urgent && top == level && left > 0) {
        // Else threads that sleep often would keep the one that they interrupt from ever ending its turn.
        current.turn_left.store(left.max(1), Ordering::Relaxed);
        make_way(core, number, current, if top > level { End::Front } else { End::Second });
    } else if top == level && current.policy.load(Ordering::Relaxed) != FIFO {
        if now >= core.slice_end.load(Ordering::Relaxed) {
            make_way(core, number, current, End::Back);
        } else {
            timer::arm(core, core.slice_end.load(Ordering::Relaxed));
        }
    } else if top > 0 && top < level && cores::count() > 1 {
        begin_slice(core); // then it is tried again
    }
}
