//! A ring of bytes: what is in a pipe.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::vec::Vec;

use crate::NoSpace;

/// Bytes in the order in which they came; memory is taken with the first one.
pub struct Ring {
    bytes: Vec<u8>,
    capacity: usize,
    head: usize,
    len: usize,
}

impl Ring {
    /// An empty ring for `capacity` bytes.
    pub const fn new(capacity: usize) -> Self {
        Self { bytes: Vec::new(), capacity, head: 0, len: 0 }
    }

    /// Bytes in it.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes that still fit.
    pub fn room(&self) -> usize {
        self.capacity - self.len
    }

    /// Puts in what fits of `bytes`; gives how many did.
    pub fn put(&mut self, bytes: &[u8]) -> Result<usize, NoSpace> {
        if self.bytes.is_empty() && !bytes.is_empty() {
            self.bytes.try_reserve_exact(self.capacity).map_err(|_| NoSpace)?;
            self.bytes.resize(self.capacity, 0);
        }
        let len = bytes.len().min(self.room());
        let tail = (self.head + self.len) % self.capacity;
        let first = len.min(self.capacity - tail);
        self.bytes[tail..tail + first].copy_from_slice(&bytes[..first]);
        self.bytes[..len - first].copy_from_slice(&bytes[first..len]);
        self.len += len;
        Ok(len)
    }

    /// Takes out what is there, as much as `bytes` holds; gives how many.
    pub fn take(&mut self, bytes: &mut [u8]) -> usize {
        let len = bytes.len().min(self.len);
        let first = len.min(self.capacity - self.head);
        bytes[..first].copy_from_slice(&self.bytes[self.head..self.head + first]);
        bytes[first..len].copy_from_slice(&self.bytes[..len - first]);
        self.head = (self.head + len) % self.capacity;
        self.len -= len;
        if self.len == 0 {
            // the next bytes come in one piece, and lie where the cache has them
            self.head = 0;
        }
        len
    }
}
