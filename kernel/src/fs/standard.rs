//! The isle's standard streams as files.
// SPDX-License-Identifier: BSD-3-Clause
use super::file::{events, At, File};
use super::status::{Kind, Status, Time};
use crate::console;
use crate::errno::Errno;

/// The number of their file system.
const DEVICE: u64 = 0;
/// stdio's buffer for a stream that is no terminal, and for one that is.
const PIPE_BLOCK: u64 = 16384;
const TERMINAL_BLOCK: u64 = 1024;

/// A standard stream, by its descriptor on the host.
pub struct Stream(i32);

/// All three.
pub static STREAMS: [Stream; 3] = [Stream(0), Stream(1), Stream(2)];

/// The terminal to read from, or to write to; None: there is none.
pub fn terminal(reads: bool) -> Option<&'static Stream> {
    let order = if reads { [0, 2, 1] } else { [1, 2, 0] };
    order.iter().map(|stream| &STREAMS[*stream]).find(|stream| stream.is_terminal())
}

impl File for Stream {
    fn status(&self) -> Result<Status, Errno> {
        let terminal = self.is_terminal();
        let now = Time::now();
        Ok(Status {
            device: DEVICE,
            number: self.0 as u64 + 1,
            mode: if terminal { Kind::Character as u32 | 0o620 } else { Kind::Fifo as u32 | 0o600 },
            links: 1,
            special: if terminal { 0x8800 } else { 0 },
            block_size: if terminal { TERMINAL_BLOCK } else { PIPE_BLOCK },
            accessed: now,
            modified: now,
            changed: now,
            ..Status::default()
        })
    }

    fn read(&self, _at: u64, bytes: &mut [u8], wait: bool) -> Result<usize, Errno> {
        // terminals are one file for the three of them
        match self.0 == 0 || self.is_terminal() {
            true => console::read(bytes, wait),
            false => Err(Errno::BadDescriptor),
        }
    }

    fn write(&self, _at: At, bytes: &[u8], _wait: bool) -> Result<(usize, u64), Errno> {
        let stream = if self.0 == 0 && self.is_terminal() { 1 } else { self.0 };
        console::write(stream, bytes)?;
        Ok((bytes.len(), 0))
    }

    fn is_terminal(&self) -> bool {
        console::is_terminal(self.0).unwrap_or(false)
    }

    fn events(&self) -> u32 {
        match self.0 {
            0 if console::has_input() => events::IN,
            0 => 0,
            _ => events::OUT,
        }
    }

    fn patience(&self) -> u64 {
        if self.0 == 0 {
            console::patience()
        } else {
            u64::MAX
        }
    }

    fn sync(&self) -> Result<(), Errno> {
        Err(Errno::Invalid)
    }

    fn unread(&self) -> Result<usize, Errno> {
        match self.0 {
            0 => Ok(console::unread()),
            _ => Err(Errno::NoTerminal),
        }
    }
}
