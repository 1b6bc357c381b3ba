//! The way out to the host, whichever isle this is: what the console cannot do, as functions.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::Ordering;

use crate::console;

/// Ends the guest with a last line on stderr.
pub fn end(code: u8, line: &str) -> ! {
    // If stderr is gone there is nobody to tell.
    let _ = console::write(2, line.as_bytes());
    console::exit(code)
}

/// How far the host's realtime clock was stepped since boot, ns.
pub fn realtime_step() -> i64 {
    console::shared_step().map_or(0, |step| step.load(Ordering::Relaxed))
}

/// Realtime now, from the host.
pub fn ask_realtime() -> u64 {
    console::ask_realtime()
}
