//! The kernel's log: `[seconds.us][core] area: text` on stderr, only where it was asked for (HERMIT_VERBOSE).
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::fmt::{self, Write};
use core::sync::atomic::{AtomicBool, Ordering};

static ENABLED: AtomicBool = AtomicBool::new(false);

/// A line that is cut off where it is full.
pub struct Line {
    bytes: [u8; 240],
    len: usize,
}

impl Line {
    /// An empty line.
    pub const fn new() -> Self {
        Self { bytes: [0; 240], len: 0 }
    }

    /// What was written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let len = text.len().min(self.bytes.len() - self.len);
        self.bytes[self.len..self.len + len].copy_from_slice(&text.as_bytes()[..len]);
        self.len += len;
        Ok(())
    }
}

/// Turns the log on.
pub fn enable() {
    ENABLED.store(true, Ordering::Relaxed);
}

/// True if the log is on; the macro asks before it formats.
pub fn enabled() -> bool {
    ENABLED.load(Ordering::Relaxed)
}

/// Writes one line. Not from inside the console.
pub fn write(area: &str, text: fmt::Arguments) {
    let us = crate::clock::monotonic() / 1000;
    let mut line = Line::new();
    let core = crate::arch::block::core();
    // A line cannot fail: it is cut off.
    let _ = writeln!(line, "[{}.{:06}][{core}] {area}: {text}", us / 1_000_000, us % 1_000_000);
    // The log has no one to tell that stderr is closed.
    let _ = crate::console::write(2, line.bytes());
}

/// Logs a line: `log!("area", "text {}", argument)`.
macro_rules! log {
    ($area:literal, $($text:tt)+) => {
        if $crate::log::enabled() {
            $crate::log::write($area, format_args!($($text)+));
        }
    };
}
