//! libhermit: the library operating system that every image is linked with. Runs in ring 3, over the nub in ring 0.
//!
//! `start` is the way in, `syscall` the door for programs, `isle` the way out to the host. Assembly and what must be unsafe live in
//! `arch`, `memory` and `syscall`.
// SPDX-License-Identifier: BSD-3-Clause
#![no_std]
#![deny(missing_docs, unsafe_code, unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]

extern crate alloc;

#[macro_use]
mod log;
#[allow(unsafe_code)]
mod arch;
mod clock;
mod console;
mod door;
mod errno;
mod fault;
mod fs;
mod futex;
mod isle;
#[allow(unsafe_code)]
mod memory;
mod panic;
mod random;
mod signal;
mod start;
#[allow(unsafe_code)]
mod sync;
#[allow(unsafe_code)]
mod syscall;
mod thread;
mod wait;
