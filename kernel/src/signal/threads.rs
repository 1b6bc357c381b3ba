//! The threads, as signals see them.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering;

use super::State;
use crate::arch::block as core_block;
use crate::thread::{block, table, State as Life, Thread};

/// The calling thread's signals; None in an idle context.
pub fn current() -> Option<&'static State> {
    core_block::thread().map(|thread| &thread.signals)
}

/// The calling thread's number.
pub fn current_id() -> u32 {
    core_block::thread().map_or(0, Thread::id)
}

/// Is the calling thread where no handler may run?
pub fn is_inside() -> bool {
    core_block::thread().is_none_or(|thread| thread.inside.load(Ordering::Relaxed) > 0)
}

/// Those of thread `id`.
pub fn find(id: u32) -> Option<&'static State> {
    table::find(id).map(|thread| &thread.signals)
}

/// All threads that have begun and not ended.
pub fn all() -> impl Iterator<Item = (u32, &'static State)> {
    let lives = |thread: &&Thread| matches!(thread.state(), Life::Ready | Life::Running | Life::Blocked);
    table::all().filter(lives).map(|thread| (thread.id(), &thread.signals))
}

/// Those of them that run.
pub fn running() -> impl Iterator<Item = (u32, &'static State)> {
    let runs = |thread: &&Thread| thread.state() == Life::Running;
    table::all().filter(runs).map(|thread| (thread.id(), &thread.signals))
}

/// Makes a thread look, wherever it is.
pub fn disturb(id: u32) {
    if let Some(thread) = table::find(id) {
        thread.signals.call_attention();
        block::disturb(thread);
    }
}
