//! Files without threads: what directories, contents, pipes and record locks are, apart from who waits for them and where memory is.
// SPDX-License-Identifier: BSD-3-Clause
#![no_std]
#![forbid(unsafe_code)]
#![deny(missing_docs)]
#![allow(clippy::new_without_default)] // they are made empty

extern crate alloc;

pub mod content;
pub mod directory;
pub mod path;
pub mod ring;

/// There is no memory for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSpace;
