//! Taking: what a thread does about its signals when it looks.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering::SeqCst;

use super::{is_cancel, threads, Fault, State, ON_STACK, PENDING, SHARED};
use crate::arch::{block, signal};
use crate::errno::Errno;
use crate::fault::Context;
use crate::{fault, isle};
use hermit_signal::actions::{Action, RESTART};
use hermit_signal::numbers::{bit, linux, lowest, PIPE, SEGV};
use hermit_signal::queue::{Info, PROCESS};

/// A handler ran.
const RAN: u32 = 1;
/// The call that it ran in ends with EINTR.
const INTERRUPTS: u32 = 2;

/// A handler to be called, and all that its frame tells.
pub struct Delivery {
    /// siginfo.
    pub info: Info,
    /// Function.
    pub handler: u64,
    /// What the interrupted code goes on with.
    pub mask: u64,
    /// What it was, if a fault.
    pub fault: Option<Fault>,
    /// The frame goes below.
    pub top: u64,
    /// Alternate stack, as uc_stack tells it.
    pub stack: super::Stack,
    /// RAN, and maybe INTERRUPTS: what the call hears in which it runs.
    pub noted: u32,
}

/// Has the calling thread to look? For the upcall.
pub fn has_work() -> bool {
    threads::current().is_some_and(State::has_attention)
}

/// Takes the next signal that has a handler; those that do nothing are dropped, and one that ends the program does. For the upcall:
/// masked. A thread that is inside the libOS looks again on its way out.
pub fn look(context: &Context) -> Option<Delivery> {
    let state = threads::current()?;
    let fault = state.take_fault();
    if fault.is_none() && threads::is_inside() {
        return None;
    }
    state.looked();
    let delivery = match fault {
        Some(fault) => {
            let action = use_up(fault.number);
            Some(deliver(state, context, State::info(&fault), &action, Some(fault)))
        }
        None => next(state, context),
    };
    check(state);
    delivery
}

fn use_up(number: u32) -> Action {
    SHARED.lock().actions.use_up(number)
}

/// Makes the thread look again if anything can be delivered.
pub(super) fn check(state: &State) {
    if (state.pending() | PENDING.load(SeqCst)) & !state.mask() != 0 {
        state.call_attention();
    }
}

fn next(state: &State, context: &Context) -> Option<Delivery> {
    while let Some(info) = take(state, !state.mask()) {
        let action = use_up(info.number);
        if is_cancel(info.number) {
            state.cancel();
        }
        if action.is_caught() {
            return Some(deliver(state, context, info, &action, None));
        }
        if !action.ignores(info.number) {
            end(info.number, context);
        }
    }
    None
}

/// Takes the lowest of the pending signals in `set`: the thread's own first, then the process's.
pub(super) fn take(state: &State, set: u64) -> Option<Info> {
    let process = PENDING.load(SeqCst);
    lowest((state.pending() | process) & set)?;
    let mut shared = SHARED.lock();
    let (own, process) = (state.pending(), PENDING.load(SeqCst));
    let number = lowest((own | process) & set)?;
    let mine = own & bit(number) != 0;
    let target = if mine { threads::current_id() } else { PROCESS };
    let info = shared.queue.take(target, number);
    if !shared.queue.has(target, number) {
        if mine {
            state.unpend(bit(number));
        } else {
            PENDING.fetch_and(!bit(number), SeqCst);
        }
    }
    Some(info)
}

fn deliver(state: &State, context: &Context, info: Info, action: &Action, fault: Option<Fault>) -> Delivery {
    let rsp = context.rsp();
    let mask = state.take_resumed();
    state.set_mask(state.mask() | action.blocks(info.number));
    Delivery {
        info,
        handler: action.handler,
        mask,
        fault,
        top: state.top(rsp, action.flags & ON_STACK != 0),
        stack: state.stack(rsp),
        noted: RAN | if action.flags & RESTART == 0 { INTERRUPTS } else { 0 },
    }
}

/// Ends the program as the signal does by default.
fn end(number: u32, context: &Context) -> ! {
    if number == PIPE {
        isle::end(128 + PIPE as u8, "kernel: SIGPIPE: nobody reads the output any more\n");
    }
    fault::raised(linux(number), context)
}

/// A fault of the program's: is there a handler that shall see it? It is called when the upcall looks. Inside the libOS a fault is a
/// wrong pointer of the program's, but locks may be held: none could be called there.
pub fn fault(fault: &Fault) -> bool {
    let Some(state) = threads::current() else { return false };
    let caught = SHARED.lock().actions.get(fault.number).is_caught();
    let taken = caught && state.mask() & bit(fault.number) == 0 && !threads::is_inside();
    if taken {
        state.set_fault(fault);
    }
    taken
}

/// Delivers what is pending for the calling thread, unless it is inside or masked; handlers run here.
pub fn pass() {
    let Some(state) = threads::current() else { return };
    while state.has_attention() && !threads::is_inside() && !block::is_masked() {
        block::mask();
        // Comes back unmasked, after the handlers have returned.
        signal::door();
    }
}

/// A call begins that handlers can end: those that ran before do not count.
pub fn begin() {
    if let Some(state) = threads::current() {
        state.take_noted();
    }
}

/// The way out of a call that waited: true if it shall end with EINTR instead of waiting on, by a handler without SA_RESTART or a
/// cancellation.
fn door() -> bool {
    pass();
    threads::current().is_some_and(|state| state.take_cancelled() | (state.take_noted() & INTERRUPTS != 0))
}

/// The same of a call that no handler lets go on, SA_RESTART or not: sleeping, and waiting for signals.
pub fn last_door() -> bool {
    pass();
    threads::current().is_some_and(|state| state.take_cancelled() | (state.take_noted() != 0))
}

/// Makes a call that may wait, again and again until it is done or shall end with EINTR.
pub fn interruptible<T>(mut call: impl FnMut() -> Result<T, Errno>) -> Result<T, Errno> {
    begin();
    loop {
        match call() {
            Err(Errno::Interrupted) if !door() => {}
            done => return done,
        }
    }
}

/// There was no stack to call the handler on: the program ends as if there were no handler.
pub fn cannot_deliver(delivery: &Delivery, context: &Context) -> ! {
    match &delivery.fault {
        Some(fault) => fault::exception(fault.vector, fault.error, fault.cr2, context),
        None => fault::raised(linux(SEGV), context),
    }
}

/// A handler returns: what was blocked before is again, and the call that it ran in hears of it (`noted`: RAN, INTERRUPTS).
pub fn returned(mask: u64, noted: u32) {
    if let Some(state) = threads::current() {
        state.set_mask(mask);
        state.note(noted);
        check(state);
    }
}
