//! The reader thread: reads from the host's standard input that have to wait, so that no vCPU ever does.
// SPDX-License-Identifier: BSD-3-Clause
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread;

use hermit_abi::ring::SLOTS;

use crate::console;
use crate::isle::Isle;

/// At most this many reads wait; more can only be a guest that reuses slots in flight.
const MOST_JOBS: usize = 4 * SLOTS;

/// A checked read that would block.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// Whose ring.
    pub core: usize,
    /// Which slot.
    pub slot: usize,
    /// Descriptor.
    pub fd: i32,
    /// Guest-physical address of the buffer.
    pub addr: u64,
    /// Its bytes.
    pub len: u64,
}

/// The waiting reads. The thread is started with the first one.
#[derive(Debug, Default)]
pub struct Reader {
    jobs: Mutex<VecDeque<Job>>,
    arrived: Condvar,
    started: OnceLock<()>,
}

impl Reader {
    /// Puts a read into the queue; false if it is full or no thread can be had.
    pub fn push(&self, isle: &Arc<Isle>, job: Job) -> bool {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.len() >= MOST_JOBS {
            return false;
        }
        if self.started.get().is_none() {
            let isle = isle.clone();
            if thread::Builder::new().name("stdin".into()).spawn(move || isle.serve_reads()).is_err() {
                return false;
            }
            // The lock is held: nobody else starts it meanwhile.
            let _ = self.started.set(());
        }
        jobs.push_back(job);
        self.arrived.notify_one();
        true
    }

    /// The thread itself.
    pub fn run(&self, isle: &Isle) -> ! {
        loop {
            let job = self.next();
            let result = console::read(&isle.memory, job.fd, job.addr, job.len);
            isle.complete(job.core, job.slot, result);
        }
    }

    fn next(&self) -> Job {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match jobs.pop_front() {
                Some(job) => return job,
                None => jobs = self.arrived.wait(jobs).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}
