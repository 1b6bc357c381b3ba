//! Threads: what is known of each. Who runs is schedule.rs, who waits block.rs, how they come and go create.rs.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicU8, Ordering};

use hermit_abi::layout::MAX_CORES;
use hermit_abi::Range;

use crate::arch::context::Context;
use crate::memory::stacks::Block;
use crate::signal;
pub use list::{Chain, Link, List};

pub mod block;
pub mod cores;
pub mod create;
pub mod deadlock;
pub mod idle;
mod list;
pub mod place;
pub mod policy;
mod queue;
pub mod schedule;
pub mod table;
pub mod timer;
pub mod usage;

/// Words of a set of cores.
pub const SET_WORDS: usize = (MAX_CORES as usize).div_ceil(64);

/// Where a thread is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum State {
    /// A slot that nobody uses.
    Free,
    /// Not started.
    New,
    /// In a run queue, or on its way there.
    Ready,
    /// Running on its core.
    Running,
    /// Waiting for an event.
    Blocked,
    /// Over; its slot waits to be freed.
    Ended,
}

impl State {
    fn of(number: u32) -> Self {
        const ALL: [State; 6] = [State::Free, State::New, State::Ready, State::Running, State::Blocked, State::Ended];
        ALL[number as usize % ALL.len()]
    }
}

/// A thread. Everything in it is shared between cores; who may change what is said with the fields.
#[derive(Debug)]
pub struct Thread {
    id: u32,
    state: AtomicU32,
    /// Where it goes on. Only the core that runs it, or is about to, uses it.
    pub context: Context,
    /// Not 0 while a core stands on its stack: another core that is to run it waits until that is over.
    pub on_core: AtomicBool,
    /// The core that runs it, or ran it last.
    pub core: AtomicU32,
    /// Place in a run queue or in the list of free slots.
    pub queue: Link,
    /// Place in a futex's list, under the bucket's lock; and its word's address.
    pub waiters: Link,
    /// Address of the word that it waits on; 0: none.
    pub word: AtomicU64,
    /// Place in a core's list of deadlines; and when, ns since boot.
    pub timers: Link,
    /// When its wait is over at the latest, ns since boot; u64::MAX: never.
    pub deadline: AtomicU64,
    /// The core whose list of deadlines it is in.
    pub timer_core: AtomicU32,
    /// How its wait is, and how it ended (block.rs).
    pub wait: AtomicU32,
    /// Scheduling: policy, own level, and the level in force (policy.rs).
    pub policy: AtomicU8,
    /// Level by its own policy and priority.
    pub base_level: AtomicU8,
    /// Level in force: boosted, maybe.
    pub level: AtomicU8,
    /// Cores it may run on.
    pub affinity: [AtomicU64; SET_WORDS],
    /// Nanoseconds it ran, but for the current run.
    pub ran: AtomicU64,
    /// What is left of the turn in which it made way for a more urgent one, ns; 0: it begins a whole one.
    pub turn_left: AtomicU64,
    /// Depth inside system calls that must not be left by a signal's handler.
    pub inside: AtomicU32,
    /// Its signals.
    pub signals: signal::State,
    /// Counts the slot's threads that have ended: sys_join waits on it.
    pub ends: AtomicU32,
    /// It has run before on this memory.
    pub used: AtomicBool,
    /// Where and with what it begins.
    pub entry: [AtomicU64; 2],
    /// The level of the list that it is queued in.
    pub queued_level: AtomicU8,
    /// Address of the word to clear when it has ended; 0: none, its slot is then free at once.
    pub end_word: AtomicU64,
    /// Lowest address of its stack, bytes, and unmapped bytes below.
    stack: AtomicU64,
    stack_len: AtomicU64,
    guard_len: AtomicU64,
    /// Address, length and backing of its block of memory/stacks.rs, and unmapped bytes below; length 0: none yet.
    block: [AtomicU64; 4],
    /// Addresses for blocks, of memory/stacks.rs, too.
    lot: [AtomicU64; 2],
    thread_pointer: AtomicU64,
    upcall_top: AtomicU64,
}

impl Thread {
    /// An unused slot.
    pub const fn new(id: u32) -> Self {
        Self {
            id,
            state: AtomicU32::new(State::Free as u32),
            context: Context::none(),
            on_core: AtomicBool::new(false),
            core: AtomicU32::new(0),
            queue: Link::none(),
            waiters: Link::none(),
            word: AtomicU64::new(0),
            timers: Link::none(),
            deadline: AtomicU64::new(u64::MAX),
            timer_core: AtomicU32::new(0),
            wait: AtomicU32::new(0),
            policy: AtomicU8::new(0),
            base_level: AtomicU8::new(policy::NORMAL),
            level: AtomicU8::new(policy::NORMAL),
            affinity: [const { AtomicU64::new(u64::MAX) }; SET_WORDS],
            ran: AtomicU64::new(0),
            turn_left: AtomicU64::new(0),
            inside: AtomicU32::new(0),
            signals: signal::State::new(),
            ends: AtomicU32::new(0),
            used: AtomicBool::new(false),
            entry: [const { AtomicU64::new(0) }; 2],
            queued_level: AtomicU8::new(0),
            end_word: AtomicU64::new(0),
            stack: AtomicU64::new(0),
            stack_len: AtomicU64::new(0),
            guard_len: AtomicU64::new(0),
            block: [const { AtomicU64::new(0) }; 4],
            lot: [const { AtomicU64::new(0) }; 2],
            thread_pointer: AtomicU64::new(0),
            upcall_top: AtomicU64::new(0),
        }
    }

    /// Its number, from 1.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Where it is in its life.
    pub fn state(&self) -> State {
        State::of(self.state.load(Ordering::SeqCst))
    }

    /// Sets that without a question.
    pub fn set_state(&self, state: State) {
        self.state.store(state as u32, Ordering::SeqCst);
    }

    /// Changes it from `old` to `new`; false if it was another one.
    pub fn change_state(&self, old: State, new: State) -> bool {
        self.state.compare_exchange(old as u32, new as u32, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// Its stack.
    pub fn stack(&self) -> Range {
        Range::new(self.stack.load(Ordering::Relaxed), self.stack_len())
    }

    /// Bytes of its stack.
    pub fn stack_len(&self) -> u64 {
        self.stack_len.load(Ordering::Relaxed)
    }

    /// The unmapped addresses below its stack; empty below a stack of the program's own.
    pub fn guard(&self) -> Range {
        let len = self.guard_len.load(Ordering::Relaxed);
        Range::new(self.stack.load(Ordering::Relaxed) - len, len)
    }

    /// Sets stack and guard.
    pub fn set_stack(&self, stack: Range, guard_len: u64) {
        self.stack.store(stack.start, Ordering::Relaxed);
        self.stack_len.store(stack.len, Ordering::Relaxed);
        self.guard_len.store(guard_len, Ordering::Relaxed);
    }

    /// The memory that belongs to the slot: stack, upcall stack, thread-local storage.
    pub fn block(&self) -> Option<Block> {
        let [start, len, backing] = [0, 1, 2].map(|index| self.block[index].load(Ordering::Relaxed));
        (len > 0).then_some(Block { range: Range::new(start, len), backing })
    }

    /// Unmapped bytes below the block.
    pub fn block_guard(&self) -> u64 {
        self.block[3].load(Ordering::Relaxed)
    }

    /// Addresses that belong to the slot for good.
    pub fn lot(&self) -> Range {
        Range::new(self.lot[0].load(Ordering::Relaxed), self.lot[1].load(Ordering::Relaxed))
    }

    /// Sets them.
    pub fn set_lot(&self, lot: Range) {
        self.lot[0].store(lot.start, Ordering::Relaxed);
        self.lot[1].store(lot.len, Ordering::Relaxed);
    }

    /// Sets the block and the bytes unmapped below.
    pub fn set_block(&self, block: Option<(Block, u64)>) {
        let none = (Block { range: Range::default(), backing: 0 }, 0);
        let (Block { range, backing }, guard) = block.unwrap_or(none);
        for (slot, value) in self.block.iter().zip([range.start, range.len, backing, guard]) {
            slot.store(value, Ordering::Relaxed);
        }
        self.used.store(false, Ordering::Relaxed);
    }

    /// What FS holds while it runs.
    pub fn thread_pointer(&self) -> u64 {
        self.thread_pointer.load(Ordering::Relaxed)
    }

    /// Top of the stack that its interrupts use.
    pub fn upcall_top(&self) -> u64 {
        self.upcall_top.load(Ordering::Relaxed)
    }

    /// Sets both.
    pub fn set_pointers(&self, thread_pointer: u64, upcall_top: u64) {
        self.thread_pointer.store(thread_pointer, Ordering::Relaxed);
        self.upcall_top.store(upcall_top, Ordering::Relaxed);
    }

    /// May it run on `core`?
    pub fn may_run_on(&self, core: usize) -> bool {
        self.affinity[core / 64].load(Ordering::Relaxed) & 1 << (core % 64) != 0
    }
}
