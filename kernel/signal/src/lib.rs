//! Signals without threads: what their numbers are, what a process does about them, and what was sent and not taken yet.
// SPDX-License-Identifier: BSD-3-Clause
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![allow(clippy::new_without_default)] // they are made once, in a static

pub mod actions;
pub mod numbers;
pub mod queue;
