//! QEMU's console: standard streams and control records (`abi::control`) over virtio-serial ports, polled.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use hermit_abi::control::{
    PORT_CONTROL, PORT_STDERR, PORT_STDIN, PORT_STDOUT, RECORD_CLOCK, RECORD_CLOCK_ASK, RECORD_EXIT, RECORD_FAULT,
    RECORD_STDIN, RECORD_STDIN_ASK,
};

use super::ports::{self, Port, PORTS};
use super::virtqueue::Queue;
use super::Isle;
use crate::errno::Errno;
use crate::memory::device::Registers;
use crate::memory::shared::Buffer;
use crate::{clock, idle};

/// Bytes written at once.
const WRITE_BUFFER: u64 = 16 << 10;
/// Bytes of the buffers that the host fills, on stdin and on the control port.
const INPUT_BUFFER: usize = 4096;
/// A record's kind and length.
const HEADER: usize = 8;
/// Longest record from the host: header and a u64.
const RECORD: usize = 16;
/// While QEMU works it pays to spin, ns; then one look each POLL.
const SPIN: u64 = 200_000;
const POLL: u64 = 2_000_000;

/// Indices of the ports.
const STDIN: usize = 0;
const STDOUT: usize = 1;
const STDERR: usize = 2;
const CONTROL: usize = 3;

/// The console.
pub struct Console {
    device: Registers,
    ports: [Port; PORTS],
    write: Buffer,
    stdin: Input,
    control: Input,
}

/// The buffer of one input queue and how much of it is read.
struct Input {
    buffer: Buffer,
    next: usize,
    end: usize,
}

impl Input {
    fn new(queue: &mut Queue, device: &Registers) -> Self {
        let input = Self { buffer: Buffer::new(INPUT_BUFFER as u64, 64), next: 0, end: 0 };
        input.offer(queue, device);
        input
    }

    fn offer(&self, queue: &mut Queue, device: &Registers) {
        queue.offer(0, self.buffer.pa(0), INPUT_BUFFER as u32, true);
        queue.notify(device);
    }

    /// Fills `bytes` with what arrives.
    fn read(&mut self, bytes: &mut [u8], queue: &mut Queue, device: &Registers) {
        let mut done = 0;
        while done < bytes.len() {
            if self.next == self.end {
                wait(|| queue.has_used());
                let Some((_, len)) = queue.take_used() else { continue };
                (self.next, self.end) = (0, len.min(INPUT_BUFFER));
            }
            let len = (bytes.len() - done).min(self.end - self.next);
            self.buffer.get(self.next, &mut bytes[done..done + len]);
            self.next += len;
            done += len;
            if self.next == self.end {
                self.offer(queue, device);
            }
        }
    }
}

/// Waits for the device: spins, then looks now and then, so that an idle guest costs its host nothing to speak of.
fn wait(mut ready: impl FnMut() -> bool) {
    if idle::spin(SPIN, &mut ready) {
        return;
    }
    while !idle::halt_until(clock::monotonic() + POLL, &mut ready) {}
}

impl Console {
    /// Opens the four ports.
    pub fn new() -> Self {
        let (device, mut ports) = ports::open([PORT_STDIN, PORT_STDOUT, PORT_STDERR, PORT_CONTROL]);
        let stdin = Input::new(&mut ports[STDIN].input, &device);
        let control = Input::new(&mut ports[CONTROL].input, &device);
        Self { device, ports, write: Buffer::new(WRITE_BUFFER, 64), stdin, control }
    }

    /// Sends a piece that is in `write` already. When it returns, the host has it: the streams stay in order.
    fn send(&mut self, port: usize, pa: u64, len: usize) {
        let queue = &mut self.ports[port].output;
        queue.offer(0, pa, len as u32, false);
        queue.notify(&self.device);
        wait(|| queue.is_idle());
    }

    fn send_record(&mut self, kind: u32, payload: &[u8]) {
        self.write.put_value(0, [kind, payload.len() as u32]);
        self.write.put(HEADER, payload);
        self.send(CONTROL, self.write.pa(0), HEADER + payload.len());
    }

    /// Waits for a record of `kind`; gives its payload.
    fn receive(&mut self, kind: u32) -> u64 {
        loop {
            let (got, payload) = self.receive_any();
            if got == kind {
                return payload;
            }
        }
    }

    /// The next record. The host's time may come between any others, and is taken at once.
    fn receive_any(&mut self) -> (u32, u64) {
        let mut record = [0; RECORD];
        let (queue, device) = (&mut self.ports[CONTROL].input, &self.device);
        self.control.read(&mut record[..HEADER], queue, device);
        let word = |at: usize| u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
        let (kind, len) = (word(0), word(4) as usize);
        assert!(len <= RECORD - HEADER, "a record of {len} bytes from the launcher");
        record = [0; RECORD];
        self.control.read(&mut record[..len], queue, device);
        let payload = record.iter().take(8).rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
        if kind == RECORD_CLOCK {
            clock::correct_realtime(payload);
        }
        (kind, payload)
    }
}

impl Isle for Console {
    fn write(&mut self, fd: i32, bytes: &[u8]) -> Result<(), Errno> {
        for piece in bytes.chunks(self.write.len()) {
            self.write.put(0, piece);
            self.send(if fd == 2 { STDERR } else { STDOUT }, self.write.pa(0), piece.len());
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<usize, Errno> {
        let wanted = bytes.len().min(64 << 10) as u32;
        self.send_record(RECORD_STDIN_ASK, &wanted.to_le_bytes());
        let len = (self.receive(RECORD_STDIN) as usize).min(wanted as usize);
        self.stdin.read(&mut bytes[..len], &mut self.ports[STDIN].input, &self.device);
        Ok(len)
    }

    fn exit(&mut self, code: u8) -> ! {
        self.send_record(RECORD_EXIT, &u32::from(code).to_le_bytes());
        rest()
    }

    fn fault(&mut self, record: &Buffer, len: usize) -> ! {
        self.write.put_value(0, [RECORD_FAULT, len as u32]);
        self.send(CONTROL, self.write.pa(0), HEADER);
        self.send(CONTROL, record.pa(0), len);
        rest()
    }

    fn update_clock(&mut self, ask: bool) {
        if ask {
            self.send_record(RECORD_CLOCK_ASK, &[]);
            self.receive(RECORD_CLOCK);
        }
        while self.control.next < self.control.end || self.ports[CONTROL].input.has_used() {
            self.receive_any();
        }
    }
}

/// The launcher ends QEMU.
fn rest() -> ! {
    loop {
        idle::halt_until(u64::MAX, || false);
    }
}
