//! A bug of the libOS's own: exit code 120 and the message.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::fmt::Write;
use core::panic::PanicInfo;

use crate::log::Line;

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    let mut message = Line::new();
    // A line cannot fail: it is cut off.
    let _ = match info.location() {
        Some(place) => write!(message, "{} ({}:{})", info.message(), place.file(), place.line()),
        None => write!(message, "{}", info.message()),
    };
    crate::fault::panic(message.bytes())
}
