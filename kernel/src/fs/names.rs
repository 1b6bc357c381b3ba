//! What is done with names alone: make, link, rename, remove, look.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use alloc::vec::Vec;

use hermit_fs::path::PATH_MAX;

use super::flags::{AT_EMPTY, AT_FOLLOW, AT_NOFOLLOW};
use super::node::Node;
use super::open::masked;
use super::path::{self, Found};
use super::status::{Change, Kind, Status};
use super::{mount, table};
use crate::errno::Errno;

/// A path, seen from a descriptor.
#[derive(Clone, Copy)]
pub struct Path<'a> {
    /// The descriptor, or AT_FDCWD.
    pub folder: i32,
    /// The path.
    pub text: &'a [u8],
}

impl Path<'_> {
    fn find(&self, follow: bool) -> Result<Found, Errno> {
        path::find(self.folder, self.text, follow)
    }
}

/// The node that a path and AT_* flags name.
pub fn node(path: Path<'_>, flags: i32) -> Result<Arc<dyn Node>, Errno> {
    path.find(flags & AT_NOFOLLOW == 0)?.node()
}

/// What stat tells.
pub fn status(path: Path<'_>, flags: i32) -> Result<Status, Errno> {
    if flags & AT_EMPTY != 0 && path.text.is_empty() {
        return table::get(path.folder)?.file().status();
    }
    node(path, flags)?.status()
}

/// Changes mode, owner or times.
pub fn change(path: Path<'_>, flags: i32, change: &Change) -> Result<(), Errno> {
    let node = node(path, flags)?;
    // a link's own mode means nothing, and cannot be set
    if change.mode.is_some() && node.kind() == Kind::Link {
        return Err(Errno::NotSupported);
    }
    node.change(change)
}

/// May it be read (4), written (2), executed (1)? The process is root.
pub fn access(path: Path<'_>, wanted: u32, flags: i32) -> Result<(), Errno> {
    if wanted & !7 != 0 {
        return Err(Errno::Invalid);
    }
    let node = node(path, flags)?;
    let status = node.status()?;
    if wanted & 2 != 0 && node.volume()?.read_only && node.kind() != Kind::Character {
        return Err(Errno::ReadOnly);
    }
    if wanted & 1 != 0 && node.kind() != Kind::Directory && status.mode & 0o111 == 0 {
        return Err(Errno::Access);
    }
    Ok(())
}

/// Makes a directory, a FIFO, an empty file or a symbolic link.
pub fn make(path: Path<'_>, kind: Kind, mode: u32, content: &[u8]) -> Result<(), Errno> {
    if kind == Kind::Link && content.is_empty() {
        return Err(Errno::NoEntry);
    }
    if content.len() >= PATH_MAX {
        return Err(Errno::NameTooLong);
    }
    let found = path.find(false)?;
    if found.node.is_some() {
        return Err(Errno::Exists);
    }
    if found.slash && kind != Kind::Directory {
        return Err(Errno::NoEntry);
    }
    let mode = if kind == Kind::Link { 0o777 } else { masked(mode) };
    found.folder.create(found.name.bytes(), kind, mode, content).map(|_| ())
}

/// Gives a file another name.
pub fn link(from: Path<'_>, to: Path<'_>, flags: i32) -> Result<(), Errno> {
    let node = from.find(flags & AT_FOLLOW != 0)?.node()?;
    let found = to.find(false)?;
    if found.node.is_some() {
        return Err(Errno::Exists);
    }
    if node.kind() == Kind::Directory {
        return Err(Errno::NotPermitted);
    }
    if found.slash {
        return Err(Errno::NoEntry);
    }
    if found.folder.identity().0 != node.identity().0 {
        return Err(Errno::OtherDevice);
    }
    found.folder.link(found.name.bytes(), node)
}

/// Removes a name.
pub fn unlink(path: Path<'_>) -> Result<(), Errno> {
    let found = path.find(false)?;
    let directory = found.node.as_ref().ok_or(Errno::NoEntry)?.kind() == Kind::Directory;
    if directory {
        return Err(Errno::IsDirectory);
    }
    found.folder.remove(found.name.bytes(), false)
}

/// Removes an empty directory.
pub fn rmdir(path: Path<'_>) -> Result<(), Errno> {
    let found = path.find(false)?;
    let node = found.node.as_ref().ok_or(Errno::NoEntry)?;
    match found.name.bytes() {
        b"." => return Err(Errno::Invalid),
        b".." => return Err(Errno::NotEmpty),
        b"/" => return Err(Errno::Busy),
        _ if node.kind() != Kind::Directory => return Err(Errno::NotDirectory),
        _ if mount::is_covered(node) => return Err(Errno::Busy),
        _ => {}
    }
    found.folder.remove(found.name.bytes(), true)
}

/// Moves a name; `keep` what is there.
pub fn rename(from: Path<'_>, to: Path<'_>, keep: bool) -> Result<(), Errno> {
    let (old, new) = (from.find(false)?, to.find(false)?);
    let node = old.node.as_ref().ok_or(Errno::NoEntry)?;
    if old.is_dots() || new.is_dots() {
        return Err(Errno::Busy);
    }
    if (old.slash || new.slash) && node.kind() != Kind::Directory {
        return Err(Errno::NotDirectory);
    }
    let over = new.node.as_ref();
    if mount::is_covered(node) || over.is_some_and(mount::is_covered) {
        return Err(Errno::Busy);
    }
    if old.folder.identity().0 != new.folder.identity().0 {
        return Err(Errno::OtherDevice);
    }
    old.folder.rename(old.name.bytes(), new.folder, new.name.bytes(), keep)
}

/// What a symbolic link stands for.
pub fn target(path: Path<'_>) -> Result<Vec<u8>, Errno> {
    path.find(false)?.node()?.target()
}
