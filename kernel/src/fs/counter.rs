//! eventfd: a number that is added to and taken from.
// SPDX-License-Identifier: BSD-3-Clause
use super::file::{events, At, File};
use super::pipe::nameless;
use super::status::{Kind, Status};
use super::wait::Changes;
use crate::errno::Errno;
use crate::sync::Masked;

/// The largest value.
const MOST: u64 = u64::MAX - 1;

/// A counter.
pub struct Counter {
    value: Masked<u64>,
    changes: Changes,
    /// A read takes 1, not all.
    semaphore: bool,
}

impl Counter {
    /// With `value` in it.
    pub fn new(value: u64, semaphore: bool) -> Self {
        Self { value: Masked::new(value), changes: Changes::new(), semaphore }
    }

    /// Makes the change that `change` finds possible, waiting for that.
    fn change(&self, wait: bool, change: impl Fn(u64) -> Option<u64>) -> Result<u64, Errno> {
        loop {
            let seen = self.changes.seen();
            let changed = {
                let mut value = self.value.lock();
                let before = *value;
                change(before).map(|new| {
                    *value = new;
                    before
                })
            };
            if let Some(before) = changed {
                self.changes.tell();
                return Ok(before);
            }
            if !wait {
                return Err(Errno::Again);
            }
            self.changes.wait(seen)?;
        }
    }
}

impl File for Counter {
    fn status(&self) -> Result<Status, Errno> {
        Ok(nameless(Kind::Fifo, 0))
    }

    fn read(&self, _at: u64, bytes: &mut [u8], wait: bool) -> Result<usize, Errno> {
        let place = bytes.get_mut(..8).ok_or(Errno::Invalid)?;
        let semaphore = self.semaphore;
        let taken = self.change(wait, |value| match value {
            0 => None,
            value => Some(if semaphore { value - 1 } else { 0 }),
        })?;
        place.copy_from_slice(&(if semaphore { 1 } else { taken }).to_le_bytes());
        Ok(8)
    }

    fn write(&self, _at: At, bytes: &[u8], wait: bool) -> Result<(usize, u64), Errno> {
        let number = bytes.get(..8).and_then(|bytes| bytes.try_into().ok()).ok_or(Errno::Invalid)?;
        let more = u64::from_le_bytes(number);
        if more > MOST {
            return Err(Errno::Invalid);
        }
        self.change(wait, |value| value.checked_add(more).filter(|sum| *sum <= MOST))?;
        Ok((8, 0))
    }

    fn events(&self) -> u32 {
        let value = *self.value.lock();
        let input = if value > 0 { events::IN } else { 0 };
        input | if value < MOST { events::OUT } else { 0 }
    }
}
