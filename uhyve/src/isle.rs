//! A running guest as all threads see it: its memory, its rings, what its requests do, and the one way it ends.
// SPDX-License-Identifier: BSD-3-Clause
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use hermit_abi::core::VECTOR_DEVICE;
use hermit_abi::layout::Plan;
use hermit_abi::ring::{OP_EXIT, OP_FAULT, OP_READ, OP_WRITE, SLOTS};
use hermit_abi::Range;
use nix::libc::{EAGAIN, EFAULT, ENOSYS};

use crate::buffers::Buffers;
use crate::console;
use crate::cores::HostCores;
use crate::end::{write_result, End, Reason};
use crate::fault;
use crate::io::IoThread;
use crate::memory::Memory;
use crate::reader::{Job, Reader};
use crate::ring::{self, Place, Request, Ring};

/// How long a hurried end waits for slow readers of the output.
const PATIENCE: Duration = Duration::from_millis(500);

/// What interrupts a core.
pub trait Interrupt: Send + Sync {
    /// Sends `vector` to `core`.
    fn interrupt(&self, core: usize, vector: u8);
}

/// What the end of a run is told by and to.
#[derive(Debug)]
pub struct Run {
    /// The image, for symbols.
    pub image: File,
    /// Where the result goes.
    pub result: Option<PathBuf>,
    /// Bytes of guest memory.
    pub memory: u64,
    /// When uhyve was started.
    pub started: Instant,
    /// Where threads run that are no vCPUs.
    pub host: HostCores,
}

/// A running guest.
pub struct Isle {
    /// Its memory.
    pub memory: Memory,
    /// Where everything in it is.
    pub plan: Plan,
    /// About this run.
    pub run: Run,
    places: Vec<Place>,
    rings: Vec<Mutex<Ring>>,
    buffers: Buffers,
    interrupts: Box<dyn Interrupt>,
    io: IoThread,
    reader: Reader,
    ended: Mutex<()>,
    hurry: OnceLock<Instant>,
}

/// What draining a ring came to.
#[derive(Debug)]
pub enum Drained {
    /// Nothing was posted.
    Idle,
    /// Requests were started.
    Busy,
    /// The guest ended.
    End(End),
}

enum Outcome {
    Done(i64),
    Later,
    End(End),
}

impl Isle {
    /// An isle that is about to start. `polling`: a host core is free to poll the rings.
    pub fn new(
        memory: Memory,
        plan: Plan,
        cores: usize,
        buffers: Buffers,
        interrupts: Box<dyn Interrupt>,
        run: Run,
        polling: bool,
    ) -> Arc<Self> {
        let places: Vec<Place> = (0..cores).map(|core| Place::of(&plan, core)).collect();
        let rings = places.iter().map(|place| Mutex::new(Ring::new(*place))).collect();
        let (io, reader) = (IoThread::new(polling), Reader::default());
        Arc::new(Self {
            memory,
            plan,
            run,
            places,
            rings,
            buffers,
            interrupts,
            io,
            reader,
            ended: Mutex::default(),
            hurry: OnceLock::new(),
        })
    }

    /// A core rang the doorbell of ring `core`: serves it before the guest goes on.
    pub fn doorbell(self: &Arc<Self>, core: usize) -> Option<End> {
        match self.drain(core) {
            Drained::End(end) => Some(end),
            _ => {
                self.io.knock(self);
                None
            }
        }
    }

    /// The I/O thread's life.
    pub fn serve_io(self: &Arc<Self>) -> ! {
        self.run.host.adopt();
        self.io.run(self)
    }

    /// The reader thread's life.
    pub fn serve_reads(&self) -> ! {
        self.run.host.adopt();
        self.reader.run(self)
    }

    /// Serves what is posted in all rings.
    pub fn drain_all(self: &Arc<Self>) -> Drained {
        let mut all = Drained::Idle;
        for core in 0..self.rings.len() {
            match self.drain(core) {
                Drained::End(end) => return Drained::End(end),
                Drained::Busy => all = Drained::Busy,
                Drained::Idle => {}
            }
        }
        all
    }

    fn drain(self: &Arc<Self>, core: usize) -> Drained {
        match self.rings.get(core) {
            Some(ring) => self.serve(core, &mut lock(ring)),
            None => Drained::Idle,
        }
    }

    /// Serves one ring once around, so that a guest that never stops posting holds nobody for ever.
    fn serve(self: &Arc<Self>, core: usize, ring: &mut Ring) -> Drained {
        let mut drained = Drained::Idle;
        for _ in 0..SLOTS {
            let Some(request) = ring.take(&self.memory) else { break };
            drained = Drained::Busy;
            match self.perform(core, &request) {
                Outcome::Done(result) => self.complete(core, request.slot, result),
                Outcome::Later => {}
                Outcome::End(end) => return Drained::End(end),
            }
        }
        drained
    }

    /// Answers a request; wakes the core if it waits for that.
    pub fn complete(&self, core: usize, slot: usize, result: i64) {
        if self.places[core].complete(&self.memory, slot, result) {
            self.interrupts.interrupt(core, VECTOR_DEVICE);
        }
    }

    /// Tells every core whether the rings are polled.
    pub fn set_awake(&self, awake: bool) {
        for place in &self.places {
            place.set_awake(&self.memory, awake);
        }
    }

    /// Tells the guest how far the host's clock was stepped.
    pub fn set_clock_step(&self, step_ns: i64) {
        ring::set_clock_step(&self.memory, &self.plan, step_ns);
    }

    fn perform(self: &Arc<Self>, core: usize, request: &Request) -> Outcome {
        let range = Range::new(request.addr, request.len);
        match request.op {
            OP_WRITE if request.len == 0 => Outcome::Done(0),
            OP_WRITE if self.buffers.may_send(&self.memory, range) => Outcome::Done(console::write(
                &self.memory,
                request.fd,
                range.start,
                range.len,
                self.hurry.get().copied(),
            )),
            OP_READ if request.len == 0 => Outcome::Done(0),
            OP_READ if self.buffers.may_receive(&self.memory, range) => self.read(core, request),
            OP_WRITE | OP_READ => Outcome::Done(-i64::from(EFAULT)),
            OP_EXIT => {
                Outcome::End(End { code: (request.len & 0xff) as i32, reason: Reason::Exit, text: String::new() })
            }
            OP_FAULT => self.fault(range),
            _ => Outcome::Done(-i64::from(ENOSYS)),
        }
    }

    /// Never blocks: a read that would goes to the reader thread.
    fn read(self: &Arc<Self>, core: usize, request: &Request) -> Outcome {
        if !(0..3).contains(&request.fd) || console::readable(request.fd) {
            return Outcome::Done(console::read(&self.memory, request.fd, request.addr, request.len));
        }
        let job = Job { core, slot: request.slot, fd: request.fd, addr: request.addr, len: request.len };
        match self.reader.push(self, job) {
            true => Outcome::Later,
            false => Outcome::Done(-i64::from(EAGAIN)),
        }
    }

    /// A fault ends the isle; a thread's place is printed, and the guest goes on.
    fn fault(&self, range: Range) -> Outcome {
        let len = range.len.min(fault::MAX_RECORD);
        let mut record = vec![0; len as usize];
        let sent = self.buffers.may_send(&self.memory, Range::new(range.start, len))
            && self.memory.read(range.start, &mut record);
        match fault::Fault::parse(&record).filter(|_| sent) {
            Some(place) if place.is_place() => {
                console::say(&place.block(&place.title(), &self.run.image), self.hurry.get().copied());
                Outcome::Done(0)
            }
            Some(fault) => Outcome::End(fault.end(&self.run.image)),
            None => {
                let text = "kernel: panic: it sent a broken fault record\n".into();
                Outcome::End(End { code: 120, reason: Reason::Panic, text })
            }
        }
    }

    /// Ends the isle and the process: what the guest wrote is out first, then the end is told.
    pub fn end(self: &Arc<Self>, end: &End) -> ! {
        let deadline = end.reason.hurries().then(|| Instant::now() + PATIENCE);
        if let Some(deadline) = deadline {
            // The first hurried end decides; there is but one control thread.
            let _ = self.hurry.set(deadline);
        }
        // Held until the process is gone: a second thread that ends waits here.
        let _ended = patient_lock(&self.ended, deadline);
        for (core, ring) in self.rings.iter().enumerate() {
            if let Some(mut ring) = patient_lock(ring, deadline) {
                // How the guest itself wanted to end no longer matters.
                let _ = self.serve(core, &mut ring);
            }
        }
        console::say(&end.text, deadline);
        if let Some(file) = &self.run.result {
            if let Err(error) = write_result(file, end, self.run.memory, self.run.started.elapsed()) {
                console::say(&format!("uhyve: {}: {}\n", file.display(), crate::error::plain(&error)), deadline);
            }
        }
        std::process::exit(end.code)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a lock, until `deadline` if there is one.
fn patient_lock<T>(mutex: &Mutex<T>, deadline: Option<Instant>) -> Option<MutexGuard<'_, T>> {
    let Some(deadline) = deadline else { return Some(lock(mutex)) };
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(error)) => return Some(error.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => return None,
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

#[cfg(test)]
#[path = "isle_tests.rs"]
mod tests;
