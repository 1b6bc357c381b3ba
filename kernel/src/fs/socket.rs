//! A connected pair of sockets: two pipes, each of which one of them reads and the other writes.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;

use super::file::{events, At, File};
use super::pipe::{self, End};
use super::status::{Kind, Status};
use crate::errno::Errno;

/// One of the pair.
struct Socket {
    input: Arc<End>,
    output: Arc<End>,
}

/// Both.
pub fn pair() -> Result<[Arc<dyn File>; 2], Errno> {
    let (there, back) = (pipe::pair()?, pipe::pair()?);
    Ok([Arc::new(Socket { input: there.0, output: back.1 }), Arc::new(Socket { input: back.0, output: there.1 })])
}

impl File for Socket {
    fn status(&self) -> Result<Status, Errno> {
        Ok(Status { mode: Kind::Socket as u32 | 0o777, ..self.input.status()? })
    }

    fn read(&self, at: u64, bytes: &mut [u8], wait: bool) -> Result<usize, Errno> {
        self.input.read(at, bytes, wait)
    }

    fn write(&self, at: At, bytes: &[u8], wait: bool) -> Result<(usize, u64), Errno> {
        self.output.write(at, bytes, wait)
    }

    fn sync(&self) -> Result<(), Errno> {
        Err(Errno::Invalid)
    }

    fn events(&self) -> u32 {
        let (input, output) = (self.input.events(), self.output.events());
        match input & events::HANGUP {
            // nobody is at the other end: what is written fails, which is no waiting either
            0 => input | output,
            _ => input | events::IN | events::OUT,
        }
    }

    fn unread(&self) -> Result<usize, Errno> {
        self.input.unread()
    }
}
