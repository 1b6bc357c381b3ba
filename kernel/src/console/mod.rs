//! The console: standard streams, the end of the program and its faults, over uhyve's request ring or QEMU's virtio ports.
// SPDX-License-Identifier: BSD-3-Clause
#![forbid(unsafe_code)]
use core::sync::atomic::{AtomicU32, Ordering};

use hermit_abi::boot::{BootInfo, FLAG_STDERR_TTY, FLAG_STDIN_TTY, FLAG_STDOUT_TTY, ISLE_QEMU};
use hermit_abi::fault::{FaultRecord, MAX_STACK};

use crate::arch::fault::give_up;
use crate::clock;
use crate::door;
use crate::errno::Errno;
use crate::fs;
use crate::futex;
use crate::memory::shared::{self, Buffer};
use crate::sync::Mutex;
use crate::thread::block::{EXTERNAL, INTERRUPTIBLE};

mod ports;
mod ring;
mod virtio;
mod virtqueue;

/// What an isle's console can do.
trait Isle {
    /// Takes all of `bytes`; they are out before anything that is written later.
    fn write(&mut self, fd: i32, bytes: &[u8]) -> Result<(), Errno>;
    /// Asks the host for input of at most `len` bytes, unless it was asked already.
    fn ask(&mut self, len: usize);
    /// Gives what has arrived: bytes, 0 at the end; None: nothing yet.
    fn take(&mut self, bytes: &mut [u8]) -> Option<Result<usize, Errno>>;
    /// Bytes that `take` would give, 0 at the end; None: nothing yet.
    fn ready(&mut self) -> Option<usize>;
    /// How long to wait before input is looked for again, ns; u64::MAX: an interrupt tells of it.
    fn patience(&self) -> u64;
    /// Everything written is out, then the guest ends.
    fn exit(&mut self, code: u8) -> !;
    /// Hands over a record of `len` bytes and ends the guest with the record's code.
    fn fault(&mut self, record: &Buffer, len: usize) -> !;
    /// Hands over a record that ends nothing.
    fn tell(&mut self, record: &Buffer, len: usize);
    /// Tells the clock what the host has sent about its own, after asking where `ask` says so.
    fn update_clock(&mut self, ask: bool);
}

#[allow(clippy::large_enum_variant)] // there is one, in a static
enum Kind {
    None,
    Ring(ring::Console),
    Virtio(virtio::Console),
}

struct Console {
    kind: Kind,
    record: Option<Buffer>,
    info: Option<&'static BootInfo>,
}

/// Counts what may have been input.
static ARRIVED: AtomicU32 = AtomicU32::new(0);

static CONSOLE: Mutex<Console> = Mutex::new(Console { kind: Kind::None, record: None, info: None });

/// Bytes of a fault record's buffer: the record, its stack copy and a message.
const RECORD_BUFFER: u64 = size_of::<FaultRecord>() as u64 + MAX_STACK + 512;

impl Console {
    /// The isle; before there is one, nothing can be said.
    fn isle(&mut self) -> &mut dyn Isle {
        match &mut self.kind {
            Kind::None => give_up(),
            Kind::Ring(console) => console,
            Kind::Virtio(console) => console,
        }
    }

    /// Has the host print a record.
    fn tell(&mut self, fill: impl FnOnce(&'static BootInfo, &mut Buffer) -> usize) {
        let (Some(info), Some(mut record)) = (self.info, self.record.take()) else { give_up() };
        let len = fill(info, &mut record);
        self.isle().tell(&record, len);
        self.record = Some(record);
    }
}

/// Opens the console of this isle.
pub fn init(info: &'static BootInfo) {
    let record = Buffer::new(RECORD_BUFFER, 16);
    let mut console = CONSOLE.lock();
    console.info = Some(info);
    console.record = Some(record);
    if info.host.isle == ISLE_QEMU {
        console.kind = Kind::Virtio(virtio::Console::new());
    } else {
        console.kind = Kind::Ring(ring::Console::new(info));
        clock::follow(shared::realtime_step(info));
    }
}

/// Writes all of `bytes` to stdout or stderr.
pub fn write(fd: i32, bytes: &[u8]) -> Result<(), Errno> {
    if fd != 1 && fd != 2 {
        return Err(Errno::BadDescriptor);
    }
    CONSOLE.lock().isle().write(fd, bytes)
}

/// Reads from stdin. Nothing there yet: waits or, without `wait`, is EAGAIN. A signal ends the wait, and what comes later is the next
/// reader's.
pub fn read(bytes: &mut [u8], wait: bool) -> Result<usize, Errno> {
    if bytes.is_empty() {
        return Ok(0);
    }
    loop {
        let seen = ARRIVED.load(Ordering::SeqCst);
        let patience = {
            let mut console = CONSOLE.lock();
            let isle = console.isle();
            isle.ask(bytes.len());
            if let Some(result) = isle.take(bytes) {
                return result;
            }
            isle.patience()
        };
        if !wait {
            return Err(Errno::Again);
        }
        let deadline = clock::monotonic().saturating_add(patience);
        if let Err(Errno::Interrupted) = futex::wait(&ARRIVED, seen, deadline, INTERRUPTIBLE | EXTERNAL) {
            return Err(Errno::Interrupted);
        }
    }
}

/// Bytes that are asked for where somebody only waits for them to come.
const LOOK: usize = 4096;

/// Can stdin be read without waiting? Its end counts. Asks the host for more, if it was not asked yet.
pub fn has_input() -> bool {
    let mut console = CONSOLE.lock();
    let isle = console.isle();
    isle.ask(LOOK);
    isle.ready().is_some()
}

/// Bytes of stdin that have arrived.
pub fn unread() -> usize {
    let mut console = CONSOLE.lock();
    let isle = console.isle();
    isle.ask(LOOK);
    isle.ready().unwrap_or(0)
}

/// How long to wait before stdin is looked at again, ns; u64::MAX: an interrupt tells of it.
pub fn patience() -> u64 {
    CONSOLE.lock().isle().patience()
}

/// A device's interrupt: maybe input has arrived. Interrupts are masked.
pub fn interrupted() {
    ARRIVED.fetch_add(1, Ordering::SeqCst);
    futex::wake(&ARRIVED, u32::MAX);
    fs::wait::tell_pollers();
}

/// Is the descriptor a terminal on the host?
pub fn is_terminal(fd: i32) -> Result<bool, Errno> {
    let flag = match fd {
        0 => FLAG_STDIN_TTY,
        1 => FLAG_STDOUT_TTY,
        2 => FLAG_STDERR_TTY,
        _ => return Err(Errno::BadDescriptor),
    };
    let _door = door::enter();
    Ok(CONSOLE.lock().info.is_some_and(|info| info.host.flags & flag != 0))
}

/// Ends the guest.
pub fn exit(code: u8) -> ! {
    CONSOLE.lock().isle().exit(code)
}

/// Ends the guest where no lock can be waited for: all threads wait already, or one of them has faulted.
pub fn exit_at_once(code: u8, line: &[u8]) -> ! {
    let mut console = CONSOLE.seize();
    // If stderr is gone there is nobody to tell.
    let _ = console.isle().write(2, line);
    console.isle().exit(code)
}

/// Tells the host a record that ends nothing; as above.
pub fn tell(fill: impl FnOnce(&'static BootInfo, &mut Buffer) -> usize) {
    CONSOLE.seize().tell(fill);
}

/// The same while the program runs on.
pub fn tell_calmly(fill: impl FnOnce(&'static BootInfo, &mut Buffer) -> usize) {
    CONSOLE.lock().tell(fill);
}

/// Tells the clock what the host has sent about its own.
pub fn update_clock(ask: bool) {
    // Reading a clock is no door of its own, and a signal's handler that ran in here would wait for the console for ever.
    let _door = door::enter();
    let console = if ask { Some(CONSOLE.lock()) } else { CONSOLE.try_lock() };
    // Whoever has the console takes the host's news as well.
    if let Some(mut console) = console {
        console.isle().update_clock(ask);
    }
}

/// Ends the guest with a fault record that `fill` completes: it gets the record's buffer and gives its length. The lock is taken by
/// force: whoever held it has faulted and never comes back, and what it posted is whole.
pub fn fault(fill: impl FnOnce(&'static BootInfo, &mut Buffer) -> usize) -> ! {
    let mut console = CONSOLE.seize();
    let (Some(info), Some(mut record)) = (console.info, console.record.take()) else { give_up() };
    let len = fill(info, &mut record);
    console.isle().fault(&record, len)
}
