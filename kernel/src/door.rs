//! The door between program and libOS: inside, a thread may hold locks, so that what would take it elsewhere waits until it leaves.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering;

use crate::arch::block;
use crate::signal;
use crate::thread::Thread;

/// The calling thread is inside until this is dropped.
pub struct Door(Option<&'static Thread>);

/// Goes in.
pub fn enter() -> Door {
    let thread = block::thread();
    if let Some(thread) = thread {
        thread.inside.fetch_add(1, Ordering::Relaxed);
    }
    Door(thread)
}

impl Drop for Door {
    fn drop(&mut self) {
        let Some(thread) = self.0 else { return };
        let outermost = thread.inside.fetch_sub(1, Ordering::Relaxed) == 1;
        if outermost && thread.signals.has_attention() {
            signal::pass();
        }
    }
}
