//! poll: what holds of many descriptors, and waiting until something does.
// SPDX-License-Identifier: BSD-3-Clause
use super::file::events::{ERROR, HANGUP};
use super::table;
use super::wait::Poller;
use crate::errno::Errno;
use crate::{clock, signal};

/// It is not open.
const INVALID: u32 = 0x020;

/// `struct pollfd`.
#[repr(C)]
pub struct Entry {
    fd: i32,
    wanted: u16,
    found: u16,
}

/// Notes what holds; gives of how many something does, and how long until one has to look again, ns.
fn look(entries: &mut [Entry]) -> (usize, u64) {
    let (mut ready, mut patience) = (0, u64::MAX);
    for entry in entries.iter_mut() {
        let now = match table::get(entry.fd) {
            _ if entry.fd < 0 => 0,
            Ok(handle) => {
                patience = patience.min(handle.file().patience());
                handle.file().events() & (u32::from(entry.wanted) | ERROR | HANGUP)
            }
            Err(_) => INVALID,
        };
        entry.found = now as u16;
        ready += usize::from(now != 0);
    }
    (ready, patience)
}

/// Waits until something that is wanted holds, until `deadline` (ns since boot), with the signal mask `mask`; gives of how many.
pub fn poll(entries: &mut [Entry], deadline: u64, mask: Option<u64>) -> Result<usize, Errno> {
    let poller = Poller::new();
    signal::interruptible_with(mask, || {
        let _door = crate::door::enter();
        loop {
            let seen = poller.seen();
            let (ready, patience) = look(entries);
            if ready > 0 || clock::monotonic() >= deadline {
                return Ok(ready);
            }
            poller.wait(seen, deadline.min(clock::monotonic().saturating_add(patience)))?;
        }
    })
}
