//! Pipes: what is written at one end can be read at the other. FIFOs are pipes with a name, sockets of a pair are two of them.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU64, Ordering};

use hermit_fs::ring::Ring;

use super::file::{events, At, File};
use super::flags;
use super::node::Node;
use super::status::{Change, Kind, Status, Time};
use super::wait::Changes;
use crate::errno::Errno;
use crate::memory::pool;
use crate::sync::Mutex;

/// Bytes that it holds, as many as Linux's.
const CAPACITY: usize = 64 << 10;
/// PIPE_BUF of limits.h: what is written in one piece, or not at all yet.
const ATOMIC: usize = 4096;

/// Numbers of pipes without names.
static NEXT: AtomicU64 = AtomicU64::new(1);
/// Number of their file system.
const DEVICE: u64 = u64::MAX;

struct State {
    ring: Ring,
    readers: u32,
    writers: u32,
    /// How many there have been.
    all_readers: u32,
    all_writers: u32,
}

impl State {
    /// How many ends there have been that one of the other kind meets.
    fn others(&self, reads: bool) -> u32 {
        if reads {
            self.all_writers
        } else {
            self.all_readers
        }
    }
}

/// A pipe.
pub struct Pipe {
    state: Mutex<State>,
    /// Something came in, or an end was opened or closed: for readers, and those that wait for an end.
    filled: Changes,
    /// Something went out, or the same.
    drained: Changes,
}

impl Pipe {
    /// An empty pipe that nobody has open.
    pub fn new() -> Self {
        let state = State { ring: Ring::new(CAPACITY), readers: 0, writers: 0, all_readers: 0, all_writers: 0 };
        Self { state: Mutex::new(state), filled: Changes::new(), drained: Changes::new() }
    }

    fn read(&self, bytes: &mut [u8], wait: bool) -> Result<usize, Errno> {
        if bytes.is_empty() {
            return Ok(0);
        }
        loop {
            let seen = self.filled.seen();
            {
                let mut state = self.state.lock();
                let len = state.ring.take(bytes);
                if len > 0 || state.writers == 0 {
                    drop(state);
                    if len > 0 {
                        self.drained.tell();
                    }
                    return Ok(len);
                }
            }
            if !wait {
                return Err(Errno::Again);
            }
            self.filled.wait(seen)?;
        }
    }

    fn write(&self, bytes: &[u8], wait: bool) -> Result<usize, Errno> {
        let mut done = 0;
        loop {
            let seen = self.drained.seen();
            match self.put(&bytes[done..], bytes.len() <= ATOMIC) {
                Err(_) if done > 0 => return Ok(done),
                put => done += put?,
            }
            if done == bytes.len() {
                return Ok(done);
            }
            let waited = if wait { self.drained.wait(seen) } else { Err(Errno::Again) };
            match waited {
                Err(_) if done > 0 => return Ok(done),
                waited => waited?,
            }
        }
    }

    /// Puts in what fits, or all or nothing.
    fn put(&self, bytes: &[u8], all: bool) -> Result<usize, Errno> {
        let len = {
            let mut state = self.state.lock();
            if state.readers == 0 {
                return Err(Errno::Pipe);
            }
            match all && state.ring.room() < bytes.len() {
                true => 0,
                false => state.ring.put(bytes).map_err(|_| Errno::NoMemory)?,
            }
        };
        if len > 0 {
            self.filled.tell();
        }
        Ok(len)
    }

    fn tell_all(&self) {
        self.filled.tell();
        self.drained.tell();
    }
}

/// An end of a pipe that is open, or both.
pub struct End {
    pipe: Arc<Pipe>,
    reads: bool,
    writes: bool,
    /// The FIFO that it was opened by.
    node: Option<Arc<dyn Node>>,
    number: u64,
}

impl End {
    /// Opens an end.
    pub fn new(pipe: &Arc<Pipe>, reads: bool, writes: bool, node: Option<Arc<dyn Node>>, number: u64) -> Self {
        {
            let mut state = pipe.state.lock();
            state.readers += u32::from(reads);
            state.all_readers = state.all_readers.wrapping_add(u32::from(reads));
            state.writers += u32::from(writes);
            state.all_writers = state.all_writers.wrapping_add(u32::from(writes));
        }
        pipe.tell_all();
        Self { pipe: pipe.clone(), reads, writes, node, number }
    }

    /// Waits until the other end is open, or was since there were `before` of its kind.
    fn meet(&self, before: u32) -> Result<(), Errno> {
        loop {
            let seen = self.pipe.filled.seen();
            {
                let state = self.pipe.state.lock();
                let open = if self.reads { state.writers } else { state.readers };
                if open > 0 || state.others(self.reads) != before {
                    return Ok(());
                }
            }
            self.pipe.filled.wait(seen)?;
        }
    }
}

impl Drop for End {
    fn drop(&mut self) {
        {
            let mut state = self.pipe.state.lock();
            state.readers -= u32::from(self.reads);
            state.writers -= u32::from(self.writes);
            if state.readers == 0 && state.writers == 0 {
                // what nobody has read is gone
                state.ring = Ring::new(CAPACITY);
            }
        }
        self.pipe.tell_all();
    }
}

/// Both ends of a new pipe, the one to read from first.
pub fn pair() -> Result<(Arc<End>, Arc<End>), Errno> {
    pool::secure().map_err(|_| Errno::NoMemory)?;
    let (pipe, number) = (Arc::new(Pipe::new()), NEXT.fetch_add(1, Ordering::Relaxed));
    let reader = Arc::new(End::new(&pipe, true, false, None, number));
    Ok((reader, Arc::new(End::new(&pipe, false, true, None, number))))
}

/// Opens a FIFO.
pub fn open(pipe: &Arc<Pipe>, node: Arc<dyn Node>, open_flags: i32, wait: bool) -> Result<Arc<End>, Errno> {
    let (reads, writes) = (flags::reads(open_flags), flags::writes(open_flags));
    if writes && !reads && !wait && pipe.state.lock().readers == 0 {
        return Err(Errno::NoDeviceOrAddress);
    }
    let before = pipe.state.lock().others(reads);
    let end = Arc::new(End::new(pipe, reads, writes, Some(node), 0));
    if wait && reads != writes {
        end.meet(before)?;
    }
    Ok(end)
}

/// What stat tells of something without a name.
pub fn nameless(kind: Kind, number: u64) -> Status {
    let now = Time::now();
    Status {
        device: DEVICE,
        number,
        mode: kind as u32 | 0o600,
        links: 1,
        block_size: ATOMIC as u64,
        accessed: now,
        modified: now,
        changed: now,
        ..Status::default()
    }
}

impl File for End {
    fn status(&self) -> Result<Status, Errno> {
        match &self.node {
            Some(node) => node.status(),
            None => Ok(nameless(Kind::Fifo, self.number)),
        }
    }

    fn change(&self, change: &Change) -> Result<(), Errno> {
        self.node.as_ref().map_or(Ok(()), |node| node.change(change))
    }

    fn read(&self, _at: u64, bytes: &mut [u8], wait: bool) -> Result<usize, Errno> {
        self.pipe.read(bytes, wait)
    }

    fn write(&self, _at: At, bytes: &[u8], wait: bool) -> Result<(usize, u64), Errno> {
        Ok((self.pipe.write(bytes, wait)?, 0))
    }

    fn sync(&self) -> Result<(), Errno> {
        Err(Errno::Invalid)
    }

    fn events(&self) -> u32 {
        let state = self.pipe.state.lock();
        let mut now = 0;
        if self.reads && !state.ring.is_empty() {
            now |= events::IN;
        }
        if self.reads && state.writers == 0 && state.all_writers > 0 {
            now |= events::HANGUP;
        }
        if self.writes && state.readers == 0 {
            now |= events::ERROR;
        }
        if self.writes && state.ring.room() >= ATOMIC {
            now |= events::OUT;
        }
        now
    }

    fn unread(&self) -> Result<usize, Errno> {
        Ok(self.pipe.state.lock().ring.len())
    }
}
