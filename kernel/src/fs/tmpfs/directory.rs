//! Directories of a tmpfs. One lock each; where two are held, the upper one was taken first, or the one with the lower number where
//! neither is above the other. Only one move from a directory to another goes on at a time.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;

use hermit_fs::directory::Directory;

use super::inode::{Body, Folder, Inode};
use super::Volume;
use crate::errno::Errno;
use crate::fs::node::{Node, Take};
use crate::fs::status::Kind;
use crate::memory::pool;
use crate::sync::MutexGuard;

/// S_ISGID.
const SET_GROUP: u32 = 0o2000;
/// LINK_MAX.
const LINK_MAX: u32 = 32767;

type Entries = Directory<Arc<Inode>>;
type Guard<'a> = MutexGuard<'a, Entries>;

/// One or two directories, locked.
enum Pair<'a> {
    Same(Guard<'a>),
    Two(Guard<'a>, Guard<'a>),
}

impl Pair<'_> {
    fn from(&mut self) -> &mut Entries {
        match self {
            Self::Same(folder) | Self::Two(folder, _) => folder,
        }
    }

    fn to(&mut self) -> &mut Entries {
        match self {
            Self::Same(folder) | Self::Two(_, folder) => folder,
        }
    }
}

impl Inode {
    fn folder(&self) -> Result<&Folder, Errno> {
        match &self.body {
            Body::Directory(folder) => Ok(folder),
            _ => Err(Errno::NotDirectory),
        }
    }

    fn entries(&self) -> Result<Guard<'_>, Errno> {
        Ok(self.folder()?.entries.lock())
    }

    fn is_removed(&self) -> bool {
        self.folder().is_ok_and(|folder| folder.removed.load(Ordering::Relaxed))
    }

    fn is_directory(&self) -> bool {
        matches!(self.body, Body::Directory(_))
    }

    pub(super) fn find_entry(&self, name: &[u8]) -> Result<Arc<Self>, Errno> {
        self.entries()?.get(name).cloned().ok_or(Errno::NoEntry)
    }

    pub(super) fn above(self: Arc<Self>) -> Option<Arc<Self>> {
        if self.number == 1 {
            return Some(self);
        }
        let folder = self.folder().ok()?;
        if folder.removed.load(Ordering::Relaxed) {
            return None;
        }
        let parent = folder.parent.lock().clone();
        parent.upgrade()
    }

    pub(super) fn find_name(&self, node: (u64, u64)) -> Option<Vec<u8>> {
        let entries = self.entries().ok()?;
        let name = entries.name_of(|inode| inode.identity() == node);
        name.map(<[u8]>::to_vec)
    }

    pub(super) fn give_entry(&self, from: u64, take: Take<'_>) -> Result<bool, Errno> {
        let entries = self.entries()?;
        let found = usize::try_from(from).ok().and_then(|from| entries.entry(from));
        if let Some((place, name, inode)) = found {
            take(place as u64, name, inode.number, inode.kind());
        }
        Ok(found.is_some())
    }

    /// Adds what `make` makes.
    pub(super) fn add(&self, name: &[u8], make: impl FnOnce(&Arc<Volume>) -> Arc<Self>) -> Result<Arc<Self>, Errno> {
        pool::secure()?;
        let made = {
            let mut entries = self.entries()?;
            if entries.get(name).is_some() {
                return Err(Errno::Exists);
            }
            if self.is_removed() {
                return Err(Errno::NoEntry);
            }
            let made = make(&self.volume);
            entries.insert(name, made.clone())?;
            made
        };
        if made.is_directory() {
            self.count_links(1);
        }
        self.touch();
        Ok(made)
    }

    /// The set-group-ID bit, and the group of new files.
    fn inherited(&self) -> (u32, u32) {
        let meta = self.meta.lock();
        match meta.mode & SET_GROUP {
            0 => (0, 0),
            bit => (bit, meta.group),
        }
    }

    pub(super) fn make(
        self: &Arc<Self>,
        name: &[u8],
        kind: Kind,
        mode: u32,
        content: &[u8],
    ) -> Result<Arc<Self>, Errno> {
        pool::secure()?;
        // what is made in a directory with the set-group-ID bit is its group's, and directories hand the bit on
        let (inherits, group) = self.inherited();
        let made = match kind {
            Kind::Directory => Self::directory(&self.volume, mode | inherits, Some(self)),
            kind => Self::plain(&self.volume, kind, mode, content)?,
        };
        made.meta.lock().group = group;
        self.add(name, |_| made)
    }

    pub(super) fn add_link(self: Arc<Self>, name: &[u8], node: Arc<dyn Node>) -> Result<(), Errno> {
        let inode: Arc<Self> = node.into_any().downcast().map_err(|_| Errno::OtherDevice)?;
        if !Arc::ptr_eq(&inode.volume, &self.volume) {
            return Err(Errno::OtherDevice);
        }
        if inode.is_directory() {
            return Err(Errno::NotPermitted);
        }
        {
            let mut meta = inode.meta.lock();
            match meta.links {
                0 => return Err(Errno::NoEntry),
                LINK_MAX.. => return Err(Errno::TooManyLinks),
                _ => meta.links += 1,
            }
        }
        let added = self.add(name, |_| inode.clone());
        inode.count_links(if added.is_ok() { 0 } else { -1 });
        added.map(|_| ())
    }

    pub(super) fn take_away(&self, name: &[u8], directory: bool) -> Result<(), Errno> {
        let gone = {
            let mut entries = self.entries()?;
            let inode = entries.get(name).ok_or(Errno::NoEntry)?;
            match (inode.is_directory(), directory) {
                (true, false) => return Err(Errno::IsDirectory),
                (false, true) => return Err(Errno::NotDirectory),
                (true, true) => inode.end()?,
                (false, false) => {}
            }
            entries.remove(name).ok_or(Errno::NoEntry)?
        };
        self.forget(&gone);
        self.touch();
        Ok(())
    }

    /// A directory is about to be removed: it must be empty, and nothing can be added to it from here on.
    fn end(&self) -> Result<(), Errno> {
        let folder = self.folder()?;
        let entries = folder.entries.lock();
        if !entries.is_empty() {
            return Err(Errno::NotEmpty);
        }
        folder.removed.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// An entry of this directory is gone.
    fn forget(&self, gone: &Self) {
        if gone.is_directory() {
            gone.count_links(-2);
            self.count_links(-1);
        } else {
            gone.count_links(-1);
        }
    }

    /// Is `self` the directory `other`, or above it? Nothing may move meanwhile.
    fn is_above(&self, other: &Arc<Self>) -> bool {
        let mut at = other.clone();
        loop {
            if core::ptr::eq(self, &*at) {
                return true;
            }
            match at.clone().above() {
                Some(parent) if !Arc::ptr_eq(&parent, &at) => at = parent,
                _ => return false,
            }
        }
    }

    /// Locks the directory that an entry leaves and the one where it goes.
    fn lock_pair<'a>(self: &'a Arc<Self>, to: &'a Arc<Self>) -> Result<Pair<'a>, Errno> {
        let (from_entries, to_entries) = (&self.folder()?.entries, &to.folder()?.entries);
        if Arc::ptr_eq(self, to) {
            return Ok(Pair::Same(from_entries.lock()));
        }
        if self.is_above(to) || (!to.is_above(self) && self.number < to.number) {
            let from = from_entries.lock();
            Ok(Pair::Two(from, to_entries.lock()))
        } else {
            let to = to_entries.lock();
            Ok(Pair::Two(from_entries.lock(), to))
        }
    }

    pub(super) fn move_entry(
        self: Arc<Self>,
        name: &[u8],
        to: Arc<dyn Node>,
        new: &[u8],
        keep: bool,
    ) -> Result<(), Errno> {
        let to: Arc<Self> = to.into_any().downcast().map_err(|_| Errno::OtherDevice)?;
        if !Arc::ptr_eq(&to.volume, &self.volume) {
            return Err(Errno::OtherDevice);
        }
        pool::secure()?;
        let _moves = (!Arc::ptr_eq(&self, &to)).then(|| self.volume.moves.lock());
        let moved = self.find_entry(name)?;
        if moved.is_directory() && moved.is_above(&to) {
            return Err(Errno::Invalid);
        }
        let mut pair = self.lock_pair(&to)?;
        let moved = pair.from().get(name).cloned().ok_or(Errno::NoEntry)?;
        if to.is_removed() {
            return Err(Errno::NoEntry);
        }
        let old = pair.to().get(new).cloned();
        if let Some(old) = &old {
            if keep {
                return Err(Errno::Exists);
            }
            if Arc::ptr_eq(old, &moved) {
                return Ok(()); // two names of one file: both stay
            }
            self.check_over(&moved, old)?;
            pair.to().replace(new, moved.clone());
        } else {
            pair.to().insert(new, moved.clone())?;
        }
        pair.from().remove(name);
        drop(pair);
        self.moved(&moved, &to, old);
        Ok(())
    }

    /// May `moved` take the place of `old`?
    fn check_over(self: &Arc<Self>, moved: &Self, old: &Self) -> Result<(), Errno> {
        match (moved.is_directory(), old.is_directory()) {
            (true, false) => Err(Errno::NotDirectory),
            (false, true) => Err(Errno::IsDirectory),
            // what is moved is in it
            (true, true) if old.is_above(self) => Err(Errno::NotEmpty),
            (true, true) => old.end(),
            (false, false) => Ok(()),
        }
    }

    /// All that changes with a move beside the entries.
    fn moved(&self, moved: &Self, to: &Arc<Self>, old: Option<Arc<Self>>) {
        if let Some(old) = old {
            to.forget(&old);
        }
        let elsewhere = !core::ptr::eq(self, &**to);
        if let Some(folder) = moved.folder().ok().filter(|_| elsewhere) {
            let before = core::mem::replace(&mut *folder.parent.lock(), Arc::downgrade(to));
            drop(before);
            self.count_links(-1);
            to.count_links(1);
        }
        moved.count_links(0);
        self.touch();
        to.touch();
    }
}
