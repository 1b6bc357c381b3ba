//! What can be done with a file by its name: what a file system is made of. One that is served by the host may wait for it in any of
//! these calls: no caller holds a lock.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::any::Any;

use super::file::{File, FileRef};
use super::status::Kind;
use crate::errno::Errno;

/// Takes an entry: its place, name, and its node's number and kind.
pub type Take<'a> = &'a mut dyn FnMut(u64, &[u8], u64, Kind);

/// What opening gives.
pub enum Opened {
    /// A file.
    File(FileRef),
    /// Another name of a descriptor that is open.
    Same(i32),
}

/// What statvfs tells, in blocks of 4096 bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Volume {
    /// Blocks that there are.
    pub blocks: u64,
    /// Blocks that are free.
    pub free: u64,
    /// Nothing can be written.
    pub read_only: bool,
}

/// A node of a file system. Names are single components, neither "." nor "..".
pub trait Node: File {
    /// What it is, for good.
    fn kind(&self) -> Kind;

    /// Its file system and its number there: one pair for each node.
    fn identity(&self) -> (u64, u64);

    /// For file systems that look for their own nodes among others'.
    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;

    /// Opens it with O_* flags; `wait` for the other end of a FIFO.
    fn open(self: Arc<Self>, flags: i32, wait: bool) -> Result<Opened, Errno>;

    /// Space of its file system.
    fn volume(&self) -> Result<Volume, Errno>;

    /// The entry `name`.
    fn lookup(&self, _name: &[u8]) -> Result<Arc<dyn Node>, Errno> {
        Err(Errno::NotDirectory)
    }

    /// Makes a new entry, which must not be there. `content` is what a symbolic link stands for.
    fn create(self: Arc<Self>, _name: &[u8], _kind: Kind, _mode: u32, _content: &[u8]) -> Result<Arc<dyn Node>, Errno> {
        Err(Errno::NotDirectory)
    }

    /// Gives a file of the same file system another name.
    fn link(self: Arc<Self>, _name: &[u8], _node: Arc<dyn Node>) -> Result<(), Errno> {
        Err(Errno::NotDirectory)
    }

    /// Takes an entry away: an empty directory, or anything else.
    fn remove(&self, _name: &[u8], _directory: bool) -> Result<(), Errno> {
        Err(Errno::NotDirectory)
    }

    /// Moves an entry to a directory of the same file system, over what is there unless `keep`.
    fn rename(self: Arc<Self>, _name: &[u8], _to: Arc<dyn Node>, _as: &[u8], _keep: bool) -> Result<(), Errno> {
        Err(Errno::NotDirectory)
    }

    /// Gives the first entry at place `from` or behind to `take`. False: there is none.
    fn entry(&self, _from: u64, _take: Take<'_>) -> Result<bool, Errno> {
        Err(Errno::NotDirectory)
    }

    /// The directory that a directory is in, itself for the root; None if it was removed.
    fn parent(self: Arc<Self>) -> Option<Arc<dyn Node>> {
        None
    }

    /// The name of an entry, by its node.
    fn name_of(&self, _node: (u64, u64)) -> Option<Vec<u8>> {
        None
    }

    /// What a symbolic link stands for.
    fn target(&self) -> Result<Vec<u8>, Errno> {
        Err(Errno::Invalid)
    }
}
