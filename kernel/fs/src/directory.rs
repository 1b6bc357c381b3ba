//! A directory: entries in slots, whose numbers are the places that readdir and seekdir know, and a hash table over them. An entry stays in
//! its slot, so whoever reads the directory meanwhile sees all that stays exactly once.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::NoSpace;

/// No slot.
const NONE: u32 = u32::MAX;
/// Buckets of the smallest table.
const FEWEST: usize = 8;

struct Slot<T> {
    /// The name; None: the slot is free.
    name: Option<Box<[u8]>>,
    value: Option<T>,
    hash: u32,
    /// The next one of the same bucket, or the next free one.
    next: u32,
}

/// Names with what they stand for.
pub struct Directory<T> {
    slots: Vec<Slot<T>>,
    buckets: Vec<u32>,
    free: u32,
    count: usize,
}

impl<T> Directory<T> {
    /// No entries.
    pub const fn new() -> Self {
        Self { slots: Vec::new(), buckets: Vec::new(), free: NONE, count: 0 }
    }

    /// Entries.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn slot(&self, name: &[u8]) -> Option<usize> {
        if self.buckets.is_empty() {
            return None;
        }
        let hash = hash(name);
        let mut at = self.buckets[hash as usize & (self.buckets.len() - 1)];
        while at != NONE {
            let slot = &self.slots[at as usize];
            if slot.hash == hash && slot.name.as_deref() == Some(name) {
                return Some(at as usize);
            }
            at = slot.next;
        }
        None
    }

    /// What `name` stands for.
    pub fn get(&self, name: &[u8]) -> Option<&T> {
        self.slot(name).and_then(|at| self.slots[at].value.as_ref())
    }

    /// Puts something else in the place of what `name` stands for, and gives that back.
    pub fn replace(&mut self, name: &[u8], value: T) -> Option<T> {
        let at = self.slot(name)?;
        self.slots[at].value.replace(value)
    }

    /// Adds a name that is not there.
    pub fn insert(&mut self, name: &[u8], value: T) -> Result<(), NoSpace> {
        let mut owned = Vec::new();
        owned.try_reserve_exact(name.len()).map_err(|_| NoSpace)?;
        owned.extend_from_slice(name);
        self.make_room()?;
        let hash = hash(name);
        let bucket = hash as usize & (self.buckets.len() - 1);
        let slot = Slot { name: Some(owned.into_boxed_slice()), value: Some(value), hash, next: self.buckets[bucket] };
        let at = match self.free {
            NONE => {
                self.slots.push(slot);
                self.slots.len() - 1
            }
            free => {
                self.free = self.slots[free as usize].next;
                self.slots[free as usize] = slot;
                free as usize
            }
        };
        self.buckets[bucket] = at as u32;
        self.count += 1;
        Ok(())
    }

    /// One more slot, and buckets for it.
    fn make_room(&mut self) -> Result<(), NoSpace> {
        if self.free == NONE {
            if self.slots.len() >= NONE as usize {
                return Err(NoSpace);
            }
            self.slots.try_reserve(1).map_err(|_| NoSpace)?;
        }
        if self.count < self.buckets.len() {
            return Ok(());
        }
        let wanted = (self.buckets.len() * 2).max(FEWEST);
        let mut buckets = Vec::new();
        buckets.try_reserve_exact(wanted).map_err(|_| NoSpace)?;
        buckets.resize(wanted, NONE);
        for (at, slot) in self.slots.iter_mut().enumerate().filter(|(_, slot)| slot.name.is_some()) {
            let bucket = slot.hash as usize & (wanted - 1);
            slot.next = buckets[bucket];
            buckets[bucket] = at as u32;
        }
        self.buckets = buckets;
        Ok(())
    }

    /// Takes a name out; gives what it stood for.
    pub fn remove(&mut self, name: &[u8]) -> Option<T> {
        let at = self.slot(name)?;
        let next = self.slots[at].next;
        let bucket = self.slots[at].hash as usize & (self.buckets.len() - 1);
        if self.buckets[bucket] == at as u32 {
            self.buckets[bucket] = next;
        } else {
            let mut before = self.buckets[bucket] as usize;
            while self.slots[before].next != at as u32 {
                before = self.slots[before].next as usize;
            }
            self.slots[before].next = next;
        }
        self.count -= 1;
        let slot = &mut self.slots[at];
        slot.name = None;
        slot.next = self.free;
        self.free = at as u32;
        let value = slot.value.take();
        if self.count == 0 {
            *self = Self::new();
        }
        value
    }

    /// The first entry from place `from` on: its own place, name and value.
    pub fn entry(&self, from: usize) -> Option<(usize, &[u8], &T)> {
        let slots = self.slots.get(from..)?;
        slots.iter().enumerate().find_map(|(at, slot)| match (&slot.name, &slot.value) {
            (Some(name), Some(value)) => Some((from + at, &name[..], value)),
            _ => None,
        })
    }

    /// The name that stands for what `is` knows.
    pub fn name_of(&self, mut is: impl FnMut(&T) -> bool) -> Option<&[u8]> {
        let mut from = 0;
        while let Some((at, name, value)) = self.entry(from) {
            if is(value) {
                return Some(name);
            }
            from = at + 1;
        }
        None
    }
}

/// FNV-1a, folded so that the low bits, which choose the bucket, depend on all.
fn hash(name: &[u8]) -> u32 {
    let hash = name.iter().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    hash ^ hash >> 15
}
