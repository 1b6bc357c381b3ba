//! The end of a program whose threads all wait for what nobody can do any more.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::fmt::Write;

use super::{schedule, table, State};
use crate::{fault, isle};

/// Exit code of a program that waits for what can never come.
const EXIT_DEADLOCK: u8 = 121;
/// Most threads that are told one by one.
const MOST: usize = 64;

/// Tells where each thread waits, then ends.
pub fn report() -> ! {
    let waiting = || table::all().filter(|thread| thread.state() == State::Blocked);
    for thread in waiting().take(MOST) {
        schedule::await_off_core(thread);
        fault::tell_thread(thread);
    }
    let mut line = crate::log::Line::new();
    let count = waiting().count();
    // A line cannot fail: it is cut off.
    let _ = match count {
        0 | 1 => writeln!(line, "kernel: deadlock: the only thread waits for what nobody can do"),
        _ => writeln!(line, "kernel: deadlock: all {count} threads wait for what none of them can do"),
    };
    isle::end_at_once(EXIT_DEADLOCK, line.bytes())
}
