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
use crate::arch::{block, fault};
use crate::errno::Errno;
use crate::memory::device::Registers;
use crate::memory::shared::Buffer;
use crate::{clock, wait};

/// Bytes written at once.
const WRITE_BUFFER: u64 = 16 << 10;
/// Bytes of the buffers that the host fills, on stdin and on the control port.
const INPUT_BUFFER: usize = 4096;
/// A record's kind and length.
const HEADER: usize = 8;
/// Longest record from the host: header and a u64.
const RECORD: usize = 16;
/// While QEMU works it pays to spin, ns.
const SPIN: u64 = 200_000;
/// Input is looked for each so many ns.
const POLL: u64 = 2_000_000;
/// Bytes asked for at most.
const ASK_MOST: usize = 64 << 10;

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
    /// The host was asked for input and has not answered yet.
    asked: bool,
    /// Bytes that it said are on their way, and nobody has taken yet.
    promised: usize,
    /// It said that there are no more; nobody has been told yet.
    ended: bool,
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
                wait::poll(SPIN, || queue.has_used());
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

impl Console {
    /// Opens the four ports.
    pub fn new() -> Self {
        let (device, mut ports) = ports::open([PORT_STDIN, PORT_STDOUT, PORT_STDERR, PORT_CONTROL]);
        let stdin = Input::new(&mut ports[STDIN].input, &device);
        let control = Input::new(&mut ports[CONTROL].input, &device);
        Self {
            device,
            ports,
            write: Buffer::new(WRITE_BUFFER, 64),
            stdin,
            control,
            asked: false,
            promised: 0,
            ended: false,
        }
    }

    /// Sends a piece that is in `write` already. When it returns, the host has it: the streams stay in order.
    fn send(&mut self, port: usize, pa: u64, len: usize) {
        let queue = &mut self.ports[port].output;
        queue.offer(0, pa, len as u32, false);
        queue.notify(&self.device);
        wait::poll(SPIN, || queue.is_idle());
    }

    fn send_record(&mut self, kind: u32, payload: &[u8]) {
        self.write.put_value(0, [kind, payload.len() as u32]);
        self.write.put(HEADER, payload);
        self.send(CONTROL, self.write.pa(0), HEADER + payload.len());
    }

    /// Sends a fault record.
    fn hand_over(&mut self, record: &Buffer, len: usize) {
        self.write.put_value(0, [RECORD_FAULT, len as u32]);
        self.send(CONTROL, self.write.pa(0), HEADER);
        self.send(CONTROL, record.pa(0), len);
    }

    fn has_record(&self) -> bool {
        self.control.next < self.control.end || self.ports[CONTROL].input.has_used()
    }

    /// Takes the host's answer, if it has come.
    fn look(&mut self) {
        while self.asked && self.has_record() {
            let (kind, payload) = self.receive_any();
            if kind == RECORD_STDIN {
                self.asked = false;
                self.promised = payload as usize;
                self.ended = payload == 0;
            }
        }
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

    fn ask(&mut self, len: usize) {
        if !self.asked && self.promised == 0 && !self.ended {
            self.send_record(RECORD_STDIN_ASK, &(len.min(ASK_MOST) as u32).to_le_bytes());
            self.asked = true;
        }
    }

    fn take(&mut self, bytes: &mut [u8]) -> Option<Result<usize, Errno>> {
        self.look();
        if self.asked {
            return None;
        }
        if core::mem::take(&mut self.ended) {
            return Some(Ok(0));
        }
        let len = self.promised.min(bytes.len());
        self.stdin.read(&mut bytes[..len], &mut self.ports[STDIN].input, &self.device);
        self.promised -= len;
        Some(Ok(len))
    }

    fn ready(&mut self) -> Option<usize> {
        self.look();
        Some(self.promised).filter(|promised| *promised > 0 || self.ended)
    }

    fn patience(&self) -> u64 {
        POLL
    }

    fn exit(&mut self, code: u8) -> ! {
        self.send_record(RECORD_EXIT, &u32::from(code).to_le_bytes());
        rest()
    }

    fn fault(&mut self, record: &Buffer, len: usize) -> ! {
        self.hand_over(record, len);
        rest()
    }

    fn tell(&mut self, record: &Buffer, len: usize) {
        self.hand_over(record, len);
        // An answer says that it is printed: what is written to another port from now on stands behind it.
        self.update_clock(true);
    }

    fn update_clock(&mut self, ask: bool) {
        if ask {
            self.send_record(RECORD_CLOCK_ASK, &[]);
            self.receive(RECORD_CLOCK);
        }
        // An answer that a reader waits for is his to take.
        while !self.asked && self.has_record() {
            self.receive_any();
        }
    }
}

/// The launcher ends QEMU.
fn rest() -> ! {
    block::mask();
    fault::rest()
}
