//! Policies, priorities and sets of cores: how urgent a thread is, and where it may run.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{fence, Ordering};

use super::{cores, place, schedule, table, State, Thread, SET_WORDS};
use crate::errno::Errno;
use crate::sync::Mask;

/// Levels of a run queue: 0 idle; 1-31 SCHED_OTHER, HermitCore's priorities; REAL_TIME + 1-31 FIFO and RR.
pub const LEVELS: usize = 64;
/// HermitCore's NORMAL_PRIO.
pub const NORMAL: u8 = 8;
/// Level of priority 0 of FIFO and RR.
pub const REAL_TIME: u8 = 32;
/// Highest priority of any policy.
const HIGHEST: i32 = 31;

/// Numbers of newlib's sched.h.
pub const OTHER: u8 = 0;
/// Runs until it waits or yields.
pub const FIFO: u8 = 1;
/// In turn with its equals.
pub const ROUND_ROBIN: u8 = 2;

/// The level of a policy and priority; SCHED_OTHER's only priority is 0.
fn level(policy: i32, priority: i32) -> Result<(u8, u8), Errno> {
    let policy = u8::try_from(policy).map_err(|_| Errno::Invalid)?;
    match policy {
        OTHER if priority == 0 => Ok((policy, NORMAL)),
        FIFO | ROUND_ROBIN if (1..=HIGHEST).contains(&priority) => Ok((policy, REAL_TIME + priority as u8)),
        _ => Err(Errno::Invalid),
    }
}

/// Sets policy and priority.
pub fn set(thread: &'static Thread, policy: i32, priority: i32) -> Result<(), Errno> {
    let (policy, level) = level(policy, priority)?;
    // The priority within SCHED_OTHER is HermitCore's own matter: setting the policy again keeps it.
    let kept = policy == OTHER && thread.policy.load(Ordering::Relaxed) == OTHER;
    thread.policy.store(policy, Ordering::Relaxed);
    if !kept {
        change(thread, level);
    }
    Ok(())
}

/// Policy and priority.
pub fn get(thread: &Thread) -> (i32, i32) {
    let (policy, level) = (thread.policy.load(Ordering::Relaxed), thread.base_level.load(Ordering::Relaxed));
    (i32::from(policy), if policy == OTHER { 0 } else { i32::from(level.saturating_sub(REAL_TIME)) })
}

/// HermitCore's priority, 1-31, of any policy.
pub fn priority(thread: &Thread) -> i32 {
    i32::from(thread.base_level.load(Ordering::Relaxed) % REAL_TIME)
}

/// Sets HermitCore's priority; the policy stays.
pub fn set_priority(thread: &'static Thread, priority: i32) -> Result<(), Errno> {
    if !(1..=HIGHEST).contains(&priority) {
        return Err(Errno::Invalid);
    }
    let base = if thread.policy.load(Ordering::Relaxed) == OTHER { 0 } else { REAL_TIME };
    change(thread, base + priority as u8);
    Ok(())
}

fn change(thread: &'static Thread, level: u8) {
    let base = thread.base_level.swap(level, Ordering::Relaxed);
    let in_force = thread.level.load(Ordering::Relaxed);
    // A boost stays until it is taken off.
    apply(thread, if in_force > base { level.max(in_force) } else { level });
}

/// Puts `level` in force: a waiting thread moves to its new place in the run queue, a running one makes way for more urgent ones.
fn apply(thread: &'static Thread, level: u8) {
    let _mask = Mask::set();
    thread.level.store(level, Ordering::Relaxed);
    revise(thread);
}

/// The thread's level or cores have changed. Masked.
fn revise(thread: &'static Thread) {
    // Whoever is just about to queue it, or to let it run, looks at them afterwards: one of us sees the other.
    fence(Ordering::SeqCst);
    if thread.state() == State::Ready && place::take_back(thread) {
        place::place(thread, place::End::Back);
    } else {
        schedule::reconsider(thread);
    }
}

/// Lets `owner` run at least as urgently as `waiter`.
pub fn boost(owner: &'static Thread, waiter: &Thread) {
    let level = waiter.level.load(Ordering::Relaxed);
    if owner.level.load(Ordering::Relaxed) < level {
        apply(owner, level);
    }
}

/// Ends a boost of the calling thread.
pub fn unboost(thread: &'static Thread) {
    let level = thread.base_level.load(Ordering::Relaxed);
    if thread.level.load(Ordering::Relaxed) != level {
        apply(thread, level);
    }
}

/// A new thread takes after its creator.
pub fn inherit(thread: &Thread, from: &Thread) {
    thread.policy.store(from.policy.load(Ordering::Relaxed), Ordering::Relaxed);
    let level = from.base_level.load(Ordering::Relaxed);
    thread.base_level.store(level, Ordering::Relaxed);
    thread.level.store(level, Ordering::Relaxed);
    for (new, old) in thread.affinity.iter().zip(&from.affinity) {
        new.store(old.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// Restricts a thread to the cores of `set`, of which at least one must be there. A running one leaves a core that is not among them.
pub fn set_affinity(thread: &'static Thread, set: &[u64]) -> Result<(), Errno> {
    let there = |word: usize| set.get(word).copied().unwrap_or(0) & cores::set_word(word);
    if (0..SET_WORDS).all(|word| there(word) == 0) {
        return Err(Errno::Invalid);
    }
    let _mask = Mask::set();
    for (word, slot) in thread.affinity.iter().enumerate() {
        slot.store(there(word), Ordering::Relaxed);
    }
    revise(thread);
    Ok(())
}

/// Word `word` of the set of cores that it may run on.
pub fn affinity_word(thread: &Thread, word: usize) -> u64 {
    thread.affinity.get(word).map_or(0, |slot| slot.load(Ordering::Relaxed) & cores::set_word(word))
}

/// The thread `tid`; 0 is the caller.
pub fn find(tid: i32) -> Result<&'static Thread, Errno> {
    let tid = u32::try_from(tid).map_err(|_| Errno::NoProcess)?;
    let found = if tid == 0 { crate::arch::block::thread() } else { table::find(tid) };
    found.ok_or(Errno::NoProcess)
}
