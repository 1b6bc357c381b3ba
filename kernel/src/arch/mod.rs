//! The machine underneath; only x86_64 so far.
// SPDX-License-Identifier: BSD-3-Clause
mod x86_64;

pub use x86_64::*;
