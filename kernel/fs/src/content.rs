//! The content of a regular file in memory: pieces that grow with the file, from 64 bytes to 2 MiB, with holes where nothing was written.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::collections::BTreeMap;
use core::ops::Bound::{Excluded, Unbounded};

use crate::NoSpace;

/// The smallest piece; every length is a power of two from here to `LARGEST`.
pub const SMALLEST: usize = 64;
/// Piece 0 grows to this, a page.
const FIRST: u64 = 4096;
/// The largest piece.
pub const LARGEST: u64 = 2 << 20;
/// The first piece of that length.
const FIRST_LARGE: u64 = 10;
/// The largest file: what a signed offset can tell.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// Memory of a piece. What is in it at first is anything.
pub trait Extent: Sized {
    /// Takes `len` bytes, a power of two; whole pages are aligned to one.
    fn take(len: usize) -> Result<Self, NoSpace>;
    /// Bytes.
    fn size(&self) -> usize;
    /// Copies out from `at`.
    fn read(&self, at: usize, bytes: &mut [u8]);
    /// Copies in at `at`.
    fn write(&mut self, at: usize, bytes: &[u8]);
    /// Makes `len` bytes at `at` zero.
    fn zero(&mut self, at: usize, len: usize);
}

/// A piece. Bytes above `filled` were never written: they are zero, but the memory does not say so yet.
struct Piece<E> {
    memory: E,
    filled: usize,
}

/// What is in a file.
pub struct Content<E> {
    /// Piece 0: small files have no other.
    first: Option<Piece<E>>,
    /// The others.
    pieces: BTreeMap<u64, Piece<E>>,
    size: u64,
    taken: u64,
}

/// A stretch of a piece: its number, and where in it.
struct Place {
    piece: u64,
    at: usize,
    /// Bytes from there to the piece's end.
    left: usize,
}

/// Where byte `offset` is: piece 0 is a page, 1 to 9 double the file, and from 2 MiB on they are all alike.
fn place(offset: u64) -> Place {
    let (piece, start, len) = match offset {
        0..FIRST => (0, 0, FIRST),
        FIRST..LARGEST => {
            let start: u64 = 1 << (63 - offset.leading_zeros());
            (u64::from(start.trailing_zeros()) - 11, start, start)
        }
        _ => (FIRST_LARGE - 1 + offset / LARGEST, offset & !(LARGEST - 1), LARGEST),
    };
    Place { piece, at: (offset - start) as usize, left: (start + len - offset) as usize }
}

/// Where piece `piece` begins.
fn start(piece: u64) -> u64 {
    match piece {
        0 => 0,
        1..FIRST_LARGE => FIRST << (piece - 1),
        _ => (piece - (FIRST_LARGE - 1)) * LARGEST,
    }
}

/// Bytes that it holds at most.
fn length(piece: u64) -> u64 {
    match piece {
        0 => FIRST,
        1..FIRST_LARGE => FIRST << (piece - 1),
        _ => LARGEST,
    }
}

impl<E: Extent> Content<E> {
    /// An empty file.
    pub const fn new() -> Self {
        Self { first: None, pieces: BTreeMap::new(), size: 0, taken: 0 }
    }

    /// Bytes of the file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Bytes of memory that it has.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    fn get(&self, number: u64) -> Option<&Piece<E>> {
        match number {
            0 => self.first.as_ref(),
            _ => self.pieces.get(&number),
        }
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut Piece<E>> {
        match number {
            0 => self.first.as_mut(),
            _ => self.pieces.get_mut(&number),
        }
    }

    /// Copies out from `offset`; gives how many bytes there were.
    pub fn read(&self, offset: u64, bytes: &mut [u8]) -> usize {
        let len = self.size.saturating_sub(offset).min(bytes.len() as u64) as usize;
        let mut done = 0;
        while done < len {
            let place = place(offset + done as u64);
            let part = &mut bytes[done..len.min(done + place.left)];
            match self.get(place.piece) {
                Some(piece) => piece.read(place.at, part),
                None => part.fill(0),
            }
            done += part.len();
        }
        len
    }

    /// Writes at `offset`; gives how many bytes there was memory for.
    pub fn write(&mut self, offset: u64, bytes: &[u8]) -> Result<usize, NoSpace> {
        let mut done = 0;
        while done < bytes.len() {
            let place = place(offset + done as u64);
            let part = &bytes[done..bytes.len().min(done + place.left)];
            match self.piece(place.piece, place.at + part.len()) {
                Ok(piece) => piece.write(place.at, part),
                Err(_) if done > 0 => break,
                Err(error) => return Err(error),
            }
            done += part.len();
        }
        self.size = self.size.max(offset + done as u64);
        Ok(done)
    }

    /// The piece, with memory for `len` bytes at least.
    fn piece(&mut self, number: u64, len: usize) -> Result<&mut Piece<E>, NoSpace> {
        let there = self.get(number).map(|piece| piece.memory.size());
        if there.is_none_or(|there| there < len) {
            let wanted = match number {
                0 => len.next_power_of_two().max(SMALLEST),
                _ => length(number) as usize,
            };
            let mut made = Piece { memory: E::take(wanted)?, filled: 0 };
            if let Some(old) = self.get(number) {
                made.take_over(old);
            }
            self.taken += (wanted - there.unwrap_or(0)) as u64;
            match number {
                0 => self.first = Some(made),
                _ => drop(self.pieces.insert(number, made)),
            }
        }
        self.get_mut(number).ok_or(NoSpace)
    }

    /// Makes the file `size` bytes long: cut off, or with a hole at its end.
    pub fn resize(&mut self, size: u64) {
        if size < self.size {
            let last = place(size);
            let keep = if last.at == 0 { last.piece } else { last.piece + 1 };
            let gone = self.pieces.split_off(&keep);
            let first = if keep == 0 { self.first.take() } else { None };
            self.taken -= gone.values().chain(&first).map(|piece| piece.memory.size() as u64).sum::<u64>();
            if let Some(piece) = self.get_mut(last.piece).filter(|_| last.at > 0) {
                piece.filled = piece.filled.min(last.at);
            }
        }
        self.size = size;
    }

    /// The same for a file whose memory somebody else sees, too: none is given back, what is cut off becomes zero.
    pub fn resize_in_place(&mut self, size: u64) {
        if size < self.size {
            let first = self.first.iter_mut().map(|piece| (0, piece));
            for (number, piece) in first.chain(self.pieces.iter_mut().map(|(number, piece)| (*number, piece))) {
                let begin = start(number);
                if begin + piece.filled as u64 > size {
                    let at = size.saturating_sub(begin) as usize;
                    piece.memory.zero(at, piece.filled - at);
                }
            }
        }
        self.size = size;
    }

    /// Takes memory for `offset .. offset + len`, all of it filled, and gives it piece by piece to `each`: the memory, where in it and
    /// how many bytes. Whole pages, as `offset` is a multiple of a page.
    pub fn pin(&mut self, offset: u64, len: u64, mut each: impl FnMut(&E, usize, usize)) -> Result<(), NoSpace> {
        let mut done = 0;
        while done < len {
            let place = place(offset + done);
            let part = (place.left as u64).min(len - done) as usize;
            let piece = self.piece(place.piece, length(place.piece) as usize)?;
            piece.fill(piece.memory.size());
            each(&piece.memory, place.at, part);
            done += part as u64;
        }
        Ok(())
    }

    /// Takes memory for `offset .. offset + len`, so that writing there cannot fail.
    pub fn reserve(&mut self, offset: u64, len: u64) -> Result<(), NoSpace> {
        let mut done = 0;
        while done < len {
            let place = place(offset + done);
            self.piece(place.piece, length(place.piece) as usize)?;
            done += place.left as u64;
        }
        Ok(())
    }

    /// The first byte from `offset` on that was written, or whose neighbour was; None: there is none.
    pub fn data(&self, offset: u64) -> Option<u64> {
        if offset >= self.size {
            return None;
        }
        let here = place(offset);
        if self.get(here.piece).is_some() {
            return Some(offset);
        }
        let next = self.pieces.range((Excluded(here.piece), Unbounded)).next()?;
        Some(start(*next.0)).filter(|data| *data < self.size)
    }

    /// The first byte from `offset` on in a hole; the file's end is one. None: it is behind the end.
    pub fn hole(&self, offset: u64) -> Option<u64> {
        if offset >= self.size {
            return None;
        }
        let mut at = offset;
        while at < self.size {
            let here = place(at);
            if self.get(here.piece).is_none() {
                return Some(at);
            }
            at += here.left as u64;
        }
        Some(self.size)
    }
}

impl<E: Extent> Piece<E> {
    fn read(&self, at: usize, bytes: &mut [u8]) {
        let there = self.filled.saturating_sub(at).min(bytes.len());
        let (written, rest) = bytes.split_at_mut(there);
        self.memory.read(at, written);
        rest.fill(0);
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        self.fill(at);
        self.memory.write(at, bytes);
        self.filled = self.filled.max(at + bytes.len());
    }

    /// Makes the zeros up to `end` true.
    fn fill(&mut self, end: usize) {
        if end > self.filled {
            self.memory.zero(self.filled, end - self.filled);
            self.filled = end;
        }
    }

    /// Copies a shorter piece.
    fn take_over(&mut self, old: &Self) {
        let mut buffer = [0; SMALLEST];
        let mut at = 0;
        while at < old.filled {
            let part = &mut buffer[..SMALLEST.min(old.filled - at)];
            old.memory.read(at, part);
            self.memory.write(at, part);
            at += part.len();
        }
        self.filled = old.filled;
    }
}
