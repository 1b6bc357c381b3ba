//! The one question about signals that needs the C interface: was this one ignored when we were started?
// SPDX-License-Identifier: BSD-3-Clause
#![allow(unsafe_code)]

use nix::libc;
use nix::sys::signal::Signal;

/// True if `signal` is ignored.
pub fn ignored(signal: Signal) -> bool {
    // SAFETY: an all-zero sigaction is valid; the call writes one and changes nothing.
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: no new action, and `action` outlives the call.
    let asked = unsafe { libc::sigaction(signal as libc::c_int, std::ptr::null(), &mut action) };
    asked == 0 && action.sa_sigaction == libc::SIG_IGN
}
