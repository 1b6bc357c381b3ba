//! x86_64: the nub and its gates, the per-core block, faults, the CPU's facts. All assembly of the kernel is here.
// SPDX-License-Identifier: BSD-3-Clause
mod asm;
pub mod block;
pub mod context;
pub mod cpu;
pub mod fault;
pub mod gate;
pub mod isa;
pub mod port;
pub mod pvh;
pub mod signal;
pub mod start;
pub mod tls;
