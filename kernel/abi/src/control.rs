//! The control port of the qemu isle: what the request ring carries on uhyve goes as records over virtio-serial here.
//!
//! Four virtio-serial ports, found by name: `hermit.stdin`, `hermit.stdout`, `hermit.stderr` (raw bytes) and `hermit.control`.
//! Every record on the control port, both ways: `u32 kind, u32 len`, then `len` bytes, little endian.
// SPDX-License-Identifier: BSD-3-Clause

/// Port name: standard input, host to guest.
pub const PORT_STDIN: &str = "hermit.stdin";
/// Port name: standard output.
pub const PORT_STDOUT: &str = "hermit.stdout";
/// Port name: standard error and the kernel's log.
pub const PORT_STDERR: &str = "hermit.stderr";
/// Port name: records.
pub const PORT_CONTROL: &str = "hermit.control";

/// Guest to host: the program ended; payload u32 exit code (0-255). Sent last; the host then ends QEMU.
pub const RECORD_EXIT: u32 = 1;
/// Guest to host: payload a [`crate::fault::FaultRecord`]; ends the guest with its code.
pub const RECORD_FAULT: u32 = 2;
/// Guest to host: what time is it? No payload.
pub const RECORD_CLOCK_ASK: u32 = 3;
/// Host to guest: payload u64 realtime in ns since 1970; the answer to an ask, and sent again whenever the host's clock was stepped.
pub const RECORD_CLOCK: u32 = 4;
/// Host to guest, once for each ask: payload u32, so many bytes of standard input follow on [`PORT_STDIN`]; 0: it ended.
pub const RECORD_STDIN: u32 = 5;
/// Guest to host: payload u32, at most so many bytes (up to 64 KiB) are wanted. The host reads its standard input only then, so that
/// a program that reads nothing leaves it to the next one, and a terminal to the foreground.
pub const RECORD_STDIN_ASK: u32 = 6;
