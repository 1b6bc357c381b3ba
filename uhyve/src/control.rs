//! The control thread: signals, time limit, steps of the host's clock; none of the guest's I/O, so nothing holds it up.
// SPDX-License-Identifier: BSD-3-Clause
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::{getppid, Pid};

use crate::clock::{Epoch, StepWatch};
use crate::end::{End, Reason};
use crate::error::Error;
use crate::isle::Isle;
use crate::signals;

/// Signals that end the isle.
const ENDING: [Signal; 3] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP];

/// Blocks the ending signals in this thread and all it starts, and ties uhyve's life to its parent's. Call it first.
pub fn prepare() -> Result<SigSet, Error> {
    let os = |error: Errno| Error::Os("signals", error.into());
    let parent = getppid();
    prctl::set_pdeathsig(Signal::SIGTERM).map_err(os)?;
    // A signal that was ignored at start stays so (nohup, background jobs of a script).
    let set: SigSet = ENDING.into_iter().filter(|signal| !signals::ignored(*signal)).collect();
    set.thread_block().map_err(os)?;
    if getppid() != parent && parent != Pid::from_raw(0) {
        // It died before the kernel knew that we want to be told.
        nix::sys::signal::raise(Signal::SIGTERM).map_err(os)?;
    }
    Ok(set)
}

/// Waits for what ends the isle from outside.
pub fn run(isle: &Arc<Isle>, set: &SigSet, timeout: Option<Duration>, epoch: &Epoch) -> Result<(), Errno> {
    let signals = SignalFd::with_flags(set, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)?;
    let mut clock = StepWatch::new();
    let deadline = timeout.map(|timeout| isle.run.started + timeout);
    loop {
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            isle.end(&timed_out(timeout));
        }
        let mut fds = vec![PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
        fds.extend(clock.as_ref().map(|clock| PollFd::new(clock.fd(), PollFlags::POLLIN)));
        match poll(&mut fds, patience(deadline)) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
        if let Some(info) = signals.read_signal()? {
            isle.end(&ended_by(info.ssi_signo as i32));
        }
        if clock.as_mut().is_some_and(StepWatch::take) {
            isle.set_clock_step(epoch.step_ns());
        }
    }
}

/// poll counts whole milliseconds: one more, so that it does not wake early and spin.
fn patience(deadline: Option<Instant>) -> PollTimeout {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()) + Duration::from_millis(1));
    left.map_or(PollTimeout::NONE, |left| PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX))
}

fn timed_out(timeout: Option<Duration>) -> End {
    let seconds = timeout.unwrap_or_default().as_secs_f64();
    End {
        code: 124,
        reason: Reason::Timeout,
        text: format!("uhyve: timeout: the guest did not end within {seconds} s\n"),
    }
}

fn ended_by(number: i32) -> End {
    let name = Signal::try_from(number).map_or("a signal", Signal::as_str);
    End { code: 128 + number, reason: Reason::Signal, text: format!("uhyve: ended by {name}\n") }
}
