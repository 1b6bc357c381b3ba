//! A node of a tmpfs: what all kinds have.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::boxed::Box;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;
use core::any::Any;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use hermit_fs::content::Content;
use hermit_fs::directory::Directory;

use super::Volume;
use crate::errno::Errno;
use crate::fs::device::Device;
use crate::fs::file::{At, File, FileRef};
use crate::fs::flags;
use crate::fs::node::{self, Node, Opened, Take};
use crate::fs::pipe::{self, Pipe};
use crate::fs::status::{Change, Kind, Status, Time};
use crate::memory;
use crate::memory::extent::Extent;
use crate::sync::{Masked, Mutex};

/// Bytes of the blocks that stat counts.
const BLOCK: u64 = 512;
/// What a buffer for it is best long.
const BLOCK_SIZE: u64 = 4096;

/// A node.
pub struct Inode {
    pub(super) volume: Arc<Volume>,
    pub(super) number: u64,
    pub(super) meta: Masked<Meta>,
    pub(super) body: Body,
    /// Mappings of its memory.
    pub(super) pins: AtomicU32,
}

/// What may change of every node.
pub(super) struct Meta {
    pub mode: u32,
    user: u32,
    pub group: u32,
    pub links: u32,
    accessed: Time,
    modified: Time,
    changed: Time,
}

/// What makes it what it is.
pub(super) enum Body {
    Regular(Mutex<Content<Extent>>),
    Directory(Folder),
    Link(Box<[u8]>),
    Device(Device),
    Fifo(Arc<Pipe>),
}

/// A directory.
pub(super) struct Folder {
    pub entries: Mutex<Directory<Arc<Inode>>>,
    pub parent: Masked<Weak<Inode>>,
    /// It was removed: nothing can be added any more. Set with the entries locked.
    pub removed: AtomicBool,
}

impl Inode {
    fn new(volume: &Arc<Volume>, mode: u32, links: u32, body: Body) -> Arc<Self> {
        let now = Time::now();
        let meta = Meta { mode, user: 0, group: 0, links, accessed: now, modified: now, changed: now };
        Arc::new(Self {
            volume: volume.clone(),
            number: volume.number(),
            meta: Masked::new(meta),
            body,
            pins: AtomicU32::new(0),
        })
    }

    /// An empty directory; without a parent the root.
    pub(super) fn directory(volume: &Arc<Volume>, mode: u32, parent: Option<&Arc<Self>>) -> Arc<Self> {
        let folder = Folder {
            entries: Mutex::new(Directory::new()),
            parent: Masked::new(parent.map_or_else(Weak::new, Arc::downgrade)),
            removed: AtomicBool::new(false),
        };
        Self::new(volume, mode, 2, Body::Directory(folder))
    }

    /// A device.
    pub(super) fn device(volume: &Arc<Volume>, device: Device) -> Arc<Self> {
        Self::new(volume, device.mode(), 1, Body::Device(device))
    }

    /// An empty file, or a link.
    pub(super) fn plain(volume: &Arc<Volume>, kind: Kind, mode: u32, content: &[u8]) -> Result<Arc<Self>, Errno> {
        let body = match kind {
            Kind::Regular => Body::Regular(Mutex::new(Content::new())),
            Kind::Link => Body::Link(Box::from(content)),
            Kind::Fifo => Body::Fifo(Arc::new(Pipe::new())),
            _ => return Err(Errno::Invalid),
        };
        Ok(Self::new(volume, mode, 1, body))
    }

    /// It was written, or an entry came or went.
    pub(super) fn touch(&self) {
        let now = Time::now();
        let mut meta = self.meta.lock();
        meta.modified = now;
        meta.changed = now;
    }

    /// It was read: told once after each change, as Linux does.
    pub(super) fn note_access(&self) {
        let due = {
            let meta = self.meta.lock();
            meta.accessed <= meta.modified
        };
        if due {
            let now = Time::now();
            self.meta.lock().accessed = now;
        }
    }

    /// One name more or less.
    pub(super) fn count_links(&self, more: i32) {
        let now = Time::now();
        let mut meta = self.meta.lock();
        meta.links = meta.links.saturating_add_signed(more);
        meta.changed = now;
    }

    fn sizes(&self) -> (u64, u64) {
        match &self.body {
            Body::Regular(content) => {
                let content = content.lock();
                (content.size(), content.taken())
            }
            Body::Directory(folder) => (folder.entries.lock().len() as u64 * 32, 0),
            Body::Link(target) => (target.len() as u64, 0),
            Body::Device(_) | Body::Fifo(_) => (0, 0),
        }
    }
}

impl File for Inode {
    fn status(&self) -> Result<Status, Errno> {
        let (size, taken) = self.sizes();
        let special = match &self.body {
            Body::Device(device) => device.number(),
            _ => 0,
        };
        let meta = self.meta.lock();
        Ok(Status {
            device: self.volume.device,
            number: self.number,
            mode: self.kind() as u32 | meta.mode,
            links: meta.links,
            user: meta.user,
            group: meta.group,
            special,
            size,
            blocks: taken.div_ceil(BLOCK),
            block_size: BLOCK_SIZE,
            accessed: meta.accessed,
            modified: meta.modified,
            changed: meta.changed,
        })
    }

    fn change(&self, change: &Change) -> Result<(), Errno> {
        let now = Time::now();
        let mut meta = self.meta.lock();
        meta.mode = change.mode.unwrap_or(meta.mode);
        meta.user = change.user.unwrap_or(meta.user);
        meta.group = change.group.unwrap_or(meta.group);
        meta.accessed = change.accessed.unwrap_or(meta.accessed);
        meta.modified = change.modified.unwrap_or(meta.modified);
        meta.changed = now;
        Ok(())
    }

    fn has_positions(&self) -> bool {
        true
    }

    fn read(&self, at: u64, bytes: &mut [u8], _wait: bool) -> Result<usize, Errno> {
        self.read_content(at, bytes)
    }

    fn write(&self, at: At, bytes: &[u8], _wait: bool) -> Result<(usize, u64), Errno> {
        self.write_content(at, bytes)
    }

    fn resize(&self, size: u64) -> Result<(), Errno> {
        self.resize_content(size)
    }

    fn allocate(&self, offset: u64, len: u64) -> Result<(), Errno> {
        self.allocate_content(offset, len)
    }

    fn find(&self, offset: u64, hole: bool) -> Result<u64, Errno> {
        self.find_in_content(offset, hole)
    }

    fn pin(&self, offset: u64, len: u64, each: &mut dyn FnMut(u64, u64)) -> Result<(), Errno> {
        self.pin_content(offset, len, each)
    }

    fn unpin(&self) {
        self.pins.fetch_sub(1, Ordering::SeqCst);
    }

    fn unread(&self) -> Result<usize, Errno> {
        Ok(self.sizes().0 as usize)
    }
}

impl Node for Inode {
    fn kind(&self) -> Kind {
        match &self.body {
            Body::Regular(_) => Kind::Regular,
            Body::Directory(_) => Kind::Directory,
            Body::Link(_) => Kind::Link,
            Body::Device(_) => Kind::Character,
            Body::Fifo(_) => Kind::Fifo,
        }
    }

    fn identity(&self) -> (u64, u64) {
        (self.volume.device, self.number)
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }

    fn open(self: Arc<Self>, flags: i32, wait: bool) -> Result<Opened, Errno> {
        match &self.body {
            Body::Device(device) => device.open(self.clone(), flags),
            Body::Fifo(pipe) => {
                let end = pipe::open(pipe, self.clone(), flags, wait)?;
                Ok(Opened::File(FileRef::Shared(end)))
            }
            Body::Link(_) => Err(Errno::Loop),
            Body::Directory(_) if flags::writes(flags) => Err(Errno::IsDirectory),
            _ => Ok(Opened::File(FileRef::Shared(self))),
        }
    }

    fn volume(&self) -> Result<node::Volume, Errno> {
        let (blocks, free) = (memory::total() / BLOCK_SIZE, memory::free() / BLOCK_SIZE);
        Ok(node::Volume { blocks, free, read_only: false })
    }

    fn lookup(&self, name: &[u8]) -> Result<Arc<dyn Node>, Errno> {
        self.find_entry(name).map(|found| found as Arc<dyn Node>)
    }

    fn create(self: Arc<Self>, name: &[u8], kind: Kind, mode: u32, content: &[u8]) -> Result<Arc<dyn Node>, Errno> {
        self.make(name, kind, mode, content).map(|made| made as Arc<dyn Node>)
    }

    fn link(self: Arc<Self>, name: &[u8], node: Arc<dyn Node>) -> Result<(), Errno> {
        self.add_link(name, node)
    }

    fn remove(&self, name: &[u8], directory: bool) -> Result<(), Errno> {
        self.take_away(name, directory)
    }

    fn rename(self: Arc<Self>, name: &[u8], to: Arc<dyn Node>, new: &[u8], keep: bool) -> Result<(), Errno> {
        self.move_entry(name, to, new, keep)
    }

    fn entry(&self, from: u64, take: Take<'_>) -> Result<bool, Errno> {
        self.note_access();
        self.give_entry(from, take)
    }

    fn parent(self: Arc<Self>) -> Option<Arc<dyn Node>> {
        self.above().map(|parent| parent as Arc<dyn Node>)
    }

    fn name_of(&self, node: (u64, u64)) -> Option<Vec<u8>> {
        self.find_name(node)
    }

    fn target(&self) -> Result<Vec<u8>, Errno> {
        match &self.body {
            Body::Link(target) => Ok(target.to_vec()),
            _ => Err(Errno::Invalid),
        }
    }
}
