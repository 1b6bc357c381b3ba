//! The guest's standard streams are the host's: reads and writes straight between descriptors 0-2 and guest memory.
// SPDX-License-Identifier: BSD-3-Clause
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use nix::libc::{EAGAIN, EBADF, EIO};
use nix::poll::{poll, PollFd, PollFlags, PollTimeout};

use crate::memory::Memory;

/// A pipe that polls writable takes this much without blocking (POSIX's PIPE_BUF on Linux).
const ATOMIC: usize = 4096;

/// Writes all of `len` bytes at `pa` to `fd`; the bytes done, or a negative errno if none were. Blocks as long as the
/// reader is slow, or until `deadline`.
pub fn write(memory: &Memory, fd: i32, pa: u64, len: u64, deadline: Option<Instant>) -> i64 {
    transfer(len, |done, left| {
        with(fd, |file| {
            if let Some(deadline) = deadline {
                ready(file, PollFlags::POLLOUT, deadline.saturating_duration_since(Instant::now()))?;
            }
            let part = if deadline.is_some() { left.min(ATOMIC) } else { left };
            match memory.write_fd(file, pa + done, part) {
                // Somebody who shares the terminal made it non-blocking.
                Err(error) if error.kind() == ErrorKind::WouldBlock && deadline.is_none() => {
                    wait(file, PollFlags::POLLOUT).map(|()| 0)
                }
                other => other,
            }
        })
    })
}

/// Reads what is there, at most `len` bytes, to `pa`; 0 = end, or a negative errno. Blocks until something is there.
pub fn read(memory: &Memory, fd: i32, pa: u64, len: u64) -> i64 {
    loop {
        let got = with(fd, |file| match memory.read_fd(file, pa, len as usize) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => wait(file, PollFlags::POLLIN).map(|()| None),
            other => other.map(Some),
        });
        match got {
            Ok(Some(bytes)) => return bytes as i64,
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return errno(&error),
        }
    }
}

/// True if a read would not block.
pub fn readable(fd: i32) -> bool {
    with(fd, |file| ready(file, PollFlags::POLLIN, Duration::ZERO)).is_ok()
}

/// Writes a text of our own to stderr, until `deadline` if there is one.
pub fn say(text: &str, deadline: Option<Instant>) {
    let stderr = io::stderr();
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        if let Some(deadline) = deadline {
            if ready(stderr.as_fd(), PollFlags::POLLOUT, deadline.saturating_duration_since(Instant::now())).is_err() {
                return;
            }
        }
        let part = rest.len().min(ATOMIC);
        match nix::unistd::write(&stderr, &rest[..part]) {
            Ok(done) => rest = &rest[done..],
            Err(nix::errno::Errno::EINTR) => {}
            // Nobody is left to complain to.
            Err(_) => return,
        }
    }
}

/// Repeats `step(done, left)` until all is done.
fn transfer(len: u64, mut step: impl FnMut(u64, usize) -> io::Result<usize>) -> i64 {
    let mut done = 0;
    while done < len {
        match step(done, (len - done) as usize) {
            Ok(bytes) => done += bytes as u64,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if done == 0 => return errno(&error),
            Err(_) => break,
        }
    }
    done as i64
}

fn with<T>(fd: i32, act: impl FnOnce(BorrowedFd) -> io::Result<T>) -> io::Result<T> {
    match fd {
        0 => act(io::stdin().as_fd()),
        1 => act(io::stdout().as_fd()),
        2 => act(io::stderr().as_fd()),
        _ => Err(io::Error::from_raw_os_error(EBADF)),
    }
}

fn ready(file: BorrowedFd, what: PollFlags, patience: Duration) -> io::Result<()> {
    let timeout = PollTimeout::try_from(patience).unwrap_or(PollTimeout::MAX);
    match poll(&mut [PollFd::new(file, what)], timeout)? {
        0 => Err(io::Error::from_raw_os_error(EAGAIN)),
        _ => Ok(()),
    }
}

fn wait(file: BorrowedFd, what: PollFlags) -> io::Result<()> {
    poll(&mut [PollFd::new(file, what)], PollTimeout::NONE)?;
    Ok(())
}

fn errno(error: &io::Error) -> i64 {
    -i64::from(error.raw_os_error().unwrap_or(EIO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_writes_go_on_and_errors_count_only_at_the_start() {
        let mut taken = Vec::new();
        let done = transfer(10, |done, left| {
            taken.push((done, left));
            match taken.len() {
                2 => Err(ErrorKind::Interrupted.into()),
                _ => Ok(left.min(4)),
            }
        });
        assert_eq!(done, 10);
        assert_eq!(taken, [(0, 10), (4, 6), (4, 6), (8, 2)]);
        let broken = || io::Error::from_raw_os_error(nix::libc::EPIPE);
        assert_eq!(transfer(10, |_, _| Err(broken())), -32);
        assert_eq!(transfer(10, |done, _| if done == 0 { Ok(3) } else { Err(broken()) }), 3);
        assert_eq!(transfer(0, |_, _| Err(broken())), 0);
    }

    #[test]
    fn other_descriptors_do_not_exist() {
        let memory = Memory::new(1 << 20).unwrap();
        for fd in [3, -1, i32::MAX, i32::MIN] {
            assert_eq!(write(&memory, fd, 0, 1, None), -i64::from(EBADF));
            assert_eq!(read(&memory, fd, 0, 1), -i64::from(EBADF));
        }
    }
}
