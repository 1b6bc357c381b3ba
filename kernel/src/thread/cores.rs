//! The cores: run queue, deadlines, idle context and state of each, and what all of them are told.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use hermit_abi::core::{VECTOR_SHOOTDOWN, VECTOR_WAKE};
use spin::Once;

use super::queue::RunQueue;
use super::timer::Deadlines;
use crate::arch::context::Context;
use crate::arch::{block, cpu, gate};
use crate::memory;
use crate::sync::{Mask, Masked};

/// `Core::state`: it runs a thread.
pub const BUSY: u32 = 0;
/// It has nothing to do and looks for work without a pause.
pub const SPINNING: u32 = 1;
/// It is halted, or about to be: an interrupt wakes it.
pub const HALTED: u32 = 2;

/// `Core::usage`: a thread runs, and uses the core as time goes by.
pub const RUNNING: u64 = 1 << 63;

/// A core. Its fields are written by itself, with interrupts masked, unless said otherwise.
pub struct Core {
    /// Threads that wait to run here; any core may add and take.
    pub queue: Masked<RunQueue>,
    /// Their number, for a look without the lock.
    pub queued: AtomicU32,
    /// Level of the most urgent of them, the same.
    pub queued_level: AtomicU32,
    /// BUSY, SPINNING or HALTED.
    pub state: AtomicU32,
    /// Level of the thread that runs; 0: none does.
    pub level: AtomicU32,
    /// Threads whose waits end at a time.
    pub deadlines: Masked<Deadlines>,
    /// The first of those times, ns since boot.
    pub first_deadline: AtomicU64,
    /// When the timer interrupts, ns since boot; u64::MAX: it is off.
    pub armed: AtomicU64,
    /// When the running thread's turn is over, ns since boot.
    pub slice_end: AtomicU64,
    /// Turns that ended here while others waited.
    pub turns: AtomicU32,
    /// What threads used of this core, for all to read: nanoseconds, or with RUNNING, which less the time since boot.
    pub usage: AtomicU64,
    /// When the running thread began to run, ns since boot.
    pub since: AtomicU64,
    /// Nanoseconds that threads ran here, but for the current one.
    pub busy: AtomicU64,
    /// A thread whose time has come waits: the running one makes way if it is not more urgent.
    pub urgent: AtomicBool,
    /// A thread was created here and still waits, while other cores sleep.
    pub kick: AtomicBool,
    /// The last change of page tables that this core's TLB knows of.
    pub generation: AtomicU64,
    /// Where it goes when there is nothing to run.
    pub idle: Context,
}

impl Core {
    fn new() -> Self {
        Self {
            queue: Masked::new(RunQueue::new()),
            queued: AtomicU32::new(0),
            queued_level: AtomicU32::new(0),
            state: AtomicU32::new(HALTED),
            level: AtomicU32::new(0),
            deadlines: Masked::new(Deadlines::new()),
            first_deadline: AtomicU64::new(u64::MAX),
            armed: AtomicU64::new(u64::MAX),
            slice_end: AtomicU64::new(0),
            turns: AtomicU32::new(0),
            usage: AtomicU64::new(0),
            since: AtomicU64::new(0),
            busy: AtomicU64::new(0),
            urgent: AtomicBool::new(false),
            kick: AtomicBool::new(false),
            generation: AtomicU64::new(0),
            idle: Context::none(),
        }
    }
}

static CORES: Once<&'static [Core]> = Once::new();
/// Cores that have nothing to do.
static IDLE: AtomicU32 = AtomicU32::new(0);
/// Changes of page tables that other cores must hear of.
static GENERATION: AtomicU64 = AtomicU64::new(0);

/// Makes the cores' records at boot. All but this core begin as halted.
pub fn init(count: u32) {
    let cores = memory::slice_at_boot(count as usize, |_| Core::new());
    cores[0].state.store(BUSY, Ordering::Relaxed);
    IDLE.store(count - 1, Ordering::Relaxed);
    CORES.call_once(|| cores);
}

/// All cores.
#[inline(always)]
pub fn all() -> &'static [Core] {
    CORES.get().copied().unwrap_or(&[])
}

/// Their number.
pub fn count() -> usize {
    all().len()
}

/// Has the boot core made the records?
pub fn ready() -> bool {
    CORES.is_completed()
}

/// This core and its number. Interrupts must be masked.
#[inline(always)]
pub fn here() -> (&'static Core, usize) {
    let number = block::core() as usize;
    (&all()[number], number)
}

/// True if threads wait for the core of the caller, who may be on another one when it hears of it.
pub fn others_wait_here() -> bool {
    let _mask = Mask::set();
    here().0.queued.load(Ordering::Relaxed) > 0
}

/// Word `word` of the set of all cores.
pub fn set_word(word: usize) -> u64 {
    match count().saturating_sub(64 * word) {
        0 => 0,
        bits @ 1..64 => (1 << bits) - 1,
        _ => u64::MAX,
    }
}

/// True if some core has nothing to do.
pub fn any_idle() -> bool {
    IDLE.load(Ordering::SeqCst) > 0
}

/// Cores that run a thread.
pub fn busy() -> u32 {
    (count() as u32).saturating_sub(IDLE.load(Ordering::SeqCst))
}

/// This core changes its state; between BUSY and idle it is counted.
pub fn change_state(core: &Core, state: u32) {
    let old = core.state.swap(state, Ordering::SeqCst);
    if old == BUSY && state != BUSY {
        IDLE.fetch_add(1, Ordering::SeqCst);
    } else if old != BUSY && state == BUSY {
        IDLE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Interrupts core `number`, so that it looks at its queue.
pub fn wake(number: usize) {
    gate::ipi(number as u64, VECTOR_WAKE);
}

/// Lets no core go on with what its TLB knew before. The page tables are changed already; interrupts are masked since before that.
pub fn shoot_down() {
    if count() == 1 {
        return;
    }
    let _mask = Mask::set();
    let (_, own) = here();
    GENERATION.fetch_add(1, Ordering::SeqCst);
    for (number, core) in all().iter().enumerate() {
        // A halted core looks at the generation before it runs a thread.
        if number == own || core.state.load(Ordering::SeqCst) == HALTED {
            continue;
        }
        let (_, before) = block::counts(number as u64);
        gate::ipi(number as u64, VECTOR_SHOOTDOWN);
        while block::counts(number as u64).1 == before && core.state.load(Ordering::SeqCst) != HALTED {
            cpu::relax();
        }
    }
}

/// This core was halted: its TLB forgets what has changed meanwhile.
pub fn catch_up(core: &Core) {
    let now = GENERATION.load(Ordering::SeqCst);
    if core.generation.load(Ordering::Relaxed) != now {
        core.generation.store(now, Ordering::Relaxed);
        gate::flush();
    }
}
