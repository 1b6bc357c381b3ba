//! Where a thread waits for a core: finding one for a thread that became ready, and sharing out those that wait.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering;

use super::cores::{self, Core, BUSY, HALTED, SPINNING};
use super::policy::REAL_TIME;
use super::schedule::{begin_slice, slice, WAKE_BIT};
use super::{idle, State, Thread};
use crate::arch::block;
use crate::clock::monotonic;
use crate::sync::Mask;

/// Where in its level's list a thread goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Before its equals: its time has come, or a more urgent one interrupted its turn.
    Front,
    /// Behind the first of its equals, which interrupted its turn.
    Second,
    /// Behind its equals.
    Back,
}

/// Takes the next thread for this core: of its own queue, else another's that waits for its core.
pub fn pick(core: &Core, number: usize) -> Option<&'static Thread> {
    let current = block::thread().map_or(0, Thread::id);
    pop(core, number, current).or_else(|| {
        let others = cores::all().iter().filter(|other| other.queued.load(Ordering::Relaxed) > 0);
        others.filter(|other| !core::ptr::eq(*other, core)).find_map(|other| pop(other, number, current))
    })
}

pub fn pop(core: &Core, number: usize, current: u32) -> Option<&'static Thread> {
    if core.queued.load(Ordering::SeqCst) == 0 {
        return None;
    }
    let mut queue = core.queue.lock();
    let thread = queue.pop(number, current)?;
    note(core, queue.count(), queue.top());
    Some(thread)
}

fn note(core: &Core, count: u32, top: u8) {
    core.queued_level.store(u32::from(top), Ordering::Relaxed);
    core.queued.store(count, Ordering::SeqCst);
}

pub fn put(core: &Core, number: usize, thread: &'static Thread, end: End) {
    thread.core.store(number as u32, Ordering::Relaxed);
    let mut queue = core.queue.lock();
    match end {
        End::Front => queue.push_front(thread),
        End::Second => queue.push_second(thread),
        End::Back => queue.push_back(thread),
    }
    note(core, queue.count(), queue.top());
}

/// Takes a thread that is ready out of its queue; false if it is in none any more, or not yet.
pub fn take_back(thread: &'static Thread) -> bool {
    loop {
        let number = thread.core.load(Ordering::SeqCst);
        let core = &cores::all()[number as usize];
        let mut queue = core.queue.lock();
        if thread.core.load(Ordering::SeqCst) != number {
            continue; // it moved meanwhile
        }
        let still = thread.state() == State::Ready && thread.queue.is_linked();
        if still {
            queue.remove(thread);
            note(core, queue.count(), queue.top());
        }
        return still;
    }
}

/// Gives a thread that became ready to a core.
pub fn place(thread: &'static Thread, end: End) {
    let _mask = Mask::set();
    let (core, number) = cores::here();
    if core.kick.load(Ordering::Relaxed) {
        kick(core);
    }
    while !try_place(core, number, thread, end) {}
}

/// The same; false: the cores that the thread may run on have changed meanwhile, and it is in no queue.
fn try_place(core: &Core, number: usize, thread: &'static Thread, end: End) -> bool {
    let last = thread.core.load(Ordering::Relaxed) as usize;
    let elsewhere =
        thread.on_core.load(Ordering::SeqCst) && !block::thread().is_some_and(|current| core::ptr::eq(current, thread));
    // Where it is about to leave the core, that core takes it back without a switch.
    let chosen = match elsewhere && thread.may_run_on(last) {
        true => last,
        // A core of ours that is halted may not get one of the host's for long.
        false if end == End::Back && !idle::may_spin() && block::thread().is_some() && thread.may_run_on(number) => {
            return wait_here(core, number, thread, false);
        }
        false => choose(thread, number),
    };
    hand(thread, chosen, number, end)
}

/// Puts a thread into the queue of core `chosen` and tells that core; false as in `try_place`.
fn hand(thread: &'static Thread, chosen: usize, here: usize, end: End) -> bool {
    let target = &cores::all()[chosen];
    put(target, chosen, thread, end);
    if !stays(thread, chosen) {
        return false;
    }
    if end == End::Front {
        target.urgent.store(true, Ordering::Relaxed);
    }
    notify(target, chosen, here, thread, end);
    true
}

/// The thread was put into core `chosen`'s queue: may it run there still? Whoever changes its cores looks for it in a queue afterwards:
/// one of the two sees the other.
fn stays(thread: &'static Thread, chosen: usize) -> bool {
    thread.may_run_on(chosen) || !take_back(thread)
}

/// A new thread waits on its creator's core, unless another one is looking for work: nobody is interrupted for it. Should the creator
/// neither wait soon nor end its turn, or create another one, a halted core is woken (`at_once`: now).
pub fn place_new(thread: &'static Thread, at_once: bool) {
    let _mask = Mask::set();
    let (core, number) = cores::here();
    if cores::any_idle() {
        if let Some(spinning) = find_idle(thread, number, SPINNING) {
            // It may have stopped looking since, and halted: then it is woken after all.
            if !hand(thread, spinning, number, End::Back) {
                place(thread, End::Back);
            }
            return;
        }
    }
    if !thread.may_run_on(number) || !wait_here(core, number, thread, at_once) {
        place(thread, End::Back);
    }
}

/// The thread waits on this core: for its turn, for the running one to wait, or for another core to be woken for it. False as in
/// `try_place`.
fn wait_here(core: &Core, number: usize, thread: &'static Thread, at_once: bool) -> bool {
    put(core, number, thread, End::Back);
    if !stays(thread, number) {
        return false;
    }
    // Behind a more urgent one it has no turn to wait for.
    let behind = u32::from(thread.level.load(Ordering::Relaxed)) < core.level.load(Ordering::Relaxed);
    if cores::any_idle() && (at_once || behind || core.kick.swap(true, Ordering::Relaxed)) {
        kick(core);
    }
    notify(core, number, number, thread, End::Back);
    true
}

/// Wakes a halted core, so that it takes a thread that waits here.
pub fn kick(core: &Core) {
    core.kick.store(false, Ordering::Relaxed);
    // More running cores than the host has would only take turns.
    if core.queued.load(Ordering::Relaxed) > 0 && cores::any_idle() && cores::busy() < idle::host_cores() {
        let halted = cores::all().iter().position(|other| other.state.load(Ordering::SeqCst) == HALTED);
        if let Some(number) = halted {
            cores::wake(number);
        }
    }
}

/// A core without work, of those that the thread may run on; the search begins at `from`.
fn find_idle(thread: &Thread, from: usize, state: u32) -> Option<usize> {
    let count = cores::count();
    (0..count).map(|step| (from + step) % count).find(|&number| {
        let core = &cores::all()[number];
        core.state.load(Ordering::SeqCst) == state
            && core.queued.load(Ordering::Relaxed) == 0
            && thread.may_run_on(number)
    })
}

/// The core for a thread: where it was if that has nothing to do, else another such, else where it is the more urgent one.
fn choose(thread: &Thread, here: usize) -> usize {
    let (all, last) = (cores::all(), thread.core.load(Ordering::Relaxed) as usize);
    if all.len() == 1 {
        return 0;
    }
    let last_allowed = thread.may_run_on(last);
    if cores::any_idle() {
        let free = |number: usize| {
            // An idle context between two threads counts itself as busy still.
            let idle =
                all[number].state.load(Ordering::SeqCst) != BUSY || (number == here && block::thread().is_none());
            idle && all[number].queued.load(Ordering::Relaxed) == 0
        };
        if last_allowed && free(last) {
            return last;
        }
        if let Some(idle) = find_idle(thread, last, SPINNING).or_else(|| find_idle(thread, last, HALTED)) {
            return idle;
        }
    }
    let level = u32::from(thread.level.load(Ordering::Relaxed));
    let running =
        |number: usize| all[number].level.load(Ordering::Relaxed).max(all[number].queued_level.load(Ordering::Relaxed));
    // Of FIFO and RR threads the most urgent ones run, as many as there are cores: none interrupts another where a core has less to do.
    if last_allowed && running(last) < level.min(REAL_TIME.into()) {
        return last;
    }
    let allowed = || (0..all.len()).filter(|&number| thread.may_run_on(number));
    match allowed().min_by_key(|&number| running(number)) {
        Some(least) if running(least) < level => least,
        _ if last_allowed && running(last) == level => last,
        // Behind more urgent ones it would have no turn.
        Some(least) if running(least) == level => least,
        _ if last_allowed => last,
        _ if thread.may_run_on(here) => here,
        other => other.unwrap_or(here),
    }
}

/// Tells core `chosen` of a thread in its queue, if it would not find it soon by itself.
fn notify(target: &Core, chosen: usize, here: usize, thread: &Thread, end: End) {
    let running = target.level.load(Ordering::Relaxed);
    let level = u32::from(thread.level.load(Ordering::Relaxed));
    let first = level > running || (end == End::Front && level == running);
    if chosen == here {
        match () {
            () if running == 0 => {}
            () if first => block::set_pending(WAKE_BIT),
            () => begin_slice(target),
        }
        return;
    }
    match target.state.load(Ordering::SeqCst) {
        SPINNING => {}
        // Its timer ends the turn of what runs there.
        BUSY if !first && target.armed.load(Ordering::Relaxed) <= monotonic() + slice() => {}
        _ => cores::wake(chosen),
    }
}

/// The first of the threads that wait behind a more urgent one goes where it would run, if there is such a core.
pub fn push_out(core: &Core, number: usize) {
    if let Some(thread) = pop(core, number, 0) {
        let chosen = choose(thread, number);
        let end = if chosen == number { End::Front } else { End::Back };
        put(&cores::all()[chosen], chosen, thread, end);
        if !stays(thread, chosen) {
            place(thread, End::Back);
        } else if chosen != number {
            notify(&cores::all()[chosen], chosen, number, thread, end);
        }
    }
}

/// Gives a waiting thread to a core that runs with fewer. Where the difference is but one thread, it goes around now and then, so that
/// all get their share.
pub fn balance(core: &Core, number: usize) {
    const AROUND: u32 = 8;
    let load = |core: &Core| core.queued.load(Ordering::Relaxed) + u32::from(core.level.load(Ordering::Relaxed) > 0);
    let others = || cores::all().iter().enumerate().filter(|(other, _)| *other != number);
    // Behind a more urgent one it would never have its turn.
    let top = core.queued_level.load(Ordering::Relaxed);
    let running = others().filter(|(_, other)| (1..=top).contains(&other.level.load(Ordering::Relaxed)));
    let Some((target, least)) = running.min_by_key(|(_, other)| load(other)) else { return };
    let gap = load(core).saturating_sub(load(least));
    let turn = core.turns.fetch_add(1, Ordering::Relaxed);
    if gap >= 2 || (gap == 1 && turn % AROUND == 0) {
        if let Some(thread) = pop(core, target, 0) {
            if !hand(thread, target, number, End::Back) {
                place(thread, End::Back);
            }
        }
    }
}
