//! uhyve's console: writes are copied into a buffer and posted; the host drains them by itself, or at the doorbell.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::ops::Range;

use hermit_abi::boot::BootInfo;
use hermit_abi::ring::{OP_EXIT, OP_FAULT, OP_READ, OP_WRITE};

use super::Isle;
use crate::arch::{cpu, port};
use crate::errno::Errno;
use crate::memory::shared::{Buffer, Request, RequestRing};
use crate::wait;

/// Bytes that may be on the way to the host.
const WRITE_BUFFER: u64 = 32 << 10;
/// Bytes read at once.
const READ_BUFFER: u64 = 8 << 10;
/// How long a read waits for the host's polling thread, ns; then the doorbell is the faster way.
const READ_SPIN: u64 = 20_000;

/// The ring that the console uses, whichever core is at it.
const CORE: u64 = 0;

/// The console, over core 0's ring.
pub struct Console {
    ring: RequestRing,
    /// Oldest request that is not freed.
    oldest: u32,
    write: Buffer,
    /// Where the next byte goes.
    head: usize,
    /// Bytes that the host may still read, padding included.
    busy: usize,
    read: Buffer,
    /// The host was asked for input.
    asked: bool,
    /// What it answered.
    answer: Option<i64>,
    /// Bytes of `read` that nobody has taken yet.
    rest: Range<usize>,
    /// An error that the host reported, maybe after its write had long returned; by descriptor.
    failed: [Option<Errno>; 3],
}

impl Console {
    /// Over core 0's ring.
    pub fn new(info: &BootInfo) -> Self {
        Self {
            ring: RequestRing::new(info, CORE),
            oldest: 0,
            write: Buffer::new(WRITE_BUFFER, 64),
            head: 0,
            busy: 0,
            read: Buffer::new(READ_BUFFER, 64),
            asked: false,
            answer: None,
            rest: 0..0,
            failed: [None; 3],
        }
    }

    /// Frees what the host has done, in order.
    fn reclaim(&mut self) {
        while self.oldest != self.ring.tail() {
            let Some((result, token)) = self.ring.take_done(self.oldest) else { return };
            self.oldest = self.oldest.wrapping_add(1);
            let (fd, bytes) = (token as usize & 3, (token >> 2) as usize);
            self.busy -= bytes;
            match self.failed.get_mut(fd) {
                _ if fd == 0 => self.answer = Some(result),
                Some(failed) if result < 0 => *failed = Some(Errno::from_linux(-result)),
                // The host stopped in the middle of a piece: why, only its next answer tells.
                Some(failed) if result < bytes as i64 => *failed = Some(Errno::Io),
                _ => {}
            }
        }
    }

    fn doorbell(&mut self) {
        port::doorbell(CORE);
        self.reclaim();
    }

    /// What went wrong with `fd` meanwhile; told once.
    fn outcome(&mut self, fd: i32) -> Result<(), Errno> {
        self.failed[fd as usize].take().map_or(Ok(()), Err)
    }

    /// Posts; where no slot is free the host is made to free some.
    fn post(&mut self, request: Request) {
        while self.ring.post(request).is_err() {
            self.doorbell();
        }
    }

    /// Free bytes in one piece at `head`.
    fn room(&self) -> usize {
        (self.write.len() - self.head).min(self.write.len() - self.busy)
    }

    /// One piece of a write; gives its length.
    fn write_piece(&mut self, fd: i32, bytes: &[u8]) -> usize {
        while self.room() == 0 {
            self.doorbell();
        }
        let len = bytes.len().min(self.room());
        self.write.put(self.head, &bytes[..len]);
        let token = (len as u64) << 2 | fd as u64;
        self.post(Request { op: OP_WRITE, fd, pa: self.write.pa(self.head), len: len as u64, token });
        self.head = (self.head + len) % self.write.len();
        self.busy += len;
        len
    }
}

impl Isle for Console {
    fn write(&mut self, fd: i32, bytes: &[u8]) -> Result<(), Errno> {
        self.reclaim();
        self.outcome(fd)?;
        let mut rest = bytes;
        while !rest.is_empty() {
            let len = self.write_piece(fd, rest);
            rest = &rest[len..];
        }
        if !self.ring.host_awake() {
            self.doorbell();
        }
        // Who writes once and ends would never hear of a full disk else.
        self.outcome(fd)
    }

    fn ask(&mut self, len: usize) {
        if self.asked || !self.rest.is_empty() || self.answer.is_some() {
            return;
        }
        let len = len.min(self.read.len());
        self.post(Request { op: OP_READ, fd: 0, pa: self.read.pa(0), len: len as u64, token: 0 });
        self.asked = true;
        self.ring.want_interrupt(true);
        let index = self.ring.tail().wrapping_sub(1);
        if !self.ring.host_awake() || !wait::spin(READ_SPIN, || self.ring.is_done(index)) {
            self.doorbell();
        }
    }

    fn take(&mut self, bytes: &mut [u8]) -> Option<Result<usize, Errno>> {
        self.reclaim();
        if let Some(result) = self.answer.take() {
            self.asked = false;
            self.ring.want_interrupt(false);
            match usize::try_from(result) {
                Ok(0) => return Some(Ok(0)),
                Ok(len) => self.rest = 0..len.min(self.read.len()),
                Err(_) => return Some(Err(Errno::from_linux(-result))),
            }
        }
        if self.rest.is_empty() {
            return None;
        }
        let len = bytes.len().min(self.rest.len());
        self.read.get(self.rest.start, &mut bytes[..len]);
        self.rest.start += len;
        Some(Ok(len))
    }

    fn ready(&mut self) -> Option<usize> {
        self.reclaim();
        match self.answer {
            // an error is told by the next read
            Some(answer) => Some(usize::try_from(answer).unwrap_or(0)),
            None => Some(self.rest.len()).filter(|len| *len > 0),
        }
    }

    fn patience(&self) -> u64 {
        u64::MAX
    }

    fn exit(&mut self, code: u8) -> ! {
        self.post(Request { op: OP_EXIT, fd: 0, pa: 0, len: u64::from(code), token: 0 });
        loop {
            port::doorbell(CORE);
        }
    }

    fn fault(&mut self, record: &Buffer, len: usize) -> ! {
        self.post(Request { op: OP_FAULT, fd: 2, pa: record.pa(0), len: len as u64, token: 0 });
        loop {
            port::doorbell(CORE);
        }
    }

    fn tell(&mut self, record: &Buffer, len: usize) {
        self.post(Request { op: OP_FAULT, fd: 2, pa: record.pa(0), len: len as u64, token: 2 });
        let index = self.ring.tail().wrapping_sub(1);
        // Drained before the doorbell returns, if nobody else is at it.
        port::doorbell(CORE);
        while !self.ring.is_done(index) {
            cpu::relax();
        }
        self.reclaim();
    }

    fn update_clock(&mut self, _ask: bool) {
        // nothing to ask: the boot info has the time, the shared page its steps
    }
}
