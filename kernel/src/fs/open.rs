//! Opening by name.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, Ordering};

use super::description::Description;
use super::node::{Node, Opened};
use super::path::{self, Found};
use super::status::Kind;
use super::{flags, table};
use crate::errno::Errno;
use crate::memory::pool;

/// Permission bits that a new file does not get.
static MASK: AtomicU32 = AtomicU32::new(0o022);

/// Sets them; gives what they were.
pub fn set_mask(mask: u32) -> u32 {
    MASK.swap(mask & 0o777, Ordering::Relaxed)
}

/// The mode of a new file that `mode` is asked for.
pub fn masked(mode: u32) -> u32 {
    mode & 0o7777 & !MASK.load(Ordering::Relaxed)
}

/// Opens `path`, seen from descriptor `folder`; gives the descriptor.
pub fn open(folder: i32, path: &[u8], flags: i32, mode: u32) -> Result<i32, Errno> {
    let place = table::Place::new()?;
    pool::secure()?;
    let node = node(folder, path, flags, mode)?;
    check(&node, flags)?;
    let directory = (node.kind() == Kind::Directory).then(|| node.clone());
    if flags & flags::TRUNCATE != 0 && flags::writes(flags) && node.kind() == Kind::Regular {
        node.resize(0)?;
    }
    let handle = match node.open(flags, flags & flags::NONBLOCK == 0)? {
        Opened::File(file) => Description::open(file, directory, flags),
        Opened::Same(fd) => table::get(fd).map_err(|_| Errno::NoDeviceOrAddress)?,
    };
    Ok(place.fill(handle, flags & flags::CLOEXEC != 0))
}

/// The node that is to be opened, made if need be.
fn node(folder: i32, path: &[u8], flags: i32, mode: u32) -> Result<Arc<dyn Node>, Errno> {
    let exclusive = flags & flags::EXCLUSIVE != 0 && flags & flags::CREATE != 0;
    let follow = flags & flags::NOFOLLOW == 0 && !exclusive;
    loop {
        let found = path::find(folder, path, follow)?;
        match &found.node {
            Some(_) if exclusive => return Err(Errno::Exists),
            Some(node) if flags & flags::CREATE != 0 && node.kind() == Kind::Directory => {
                return Err(Errno::IsDirectory)
            }
            Some(_) => return found.node(),
            None => {}
        }
        match create(found, flags, mode) {
            // somebody else has made it meanwhile
            Err(Errno::Exists) if !exclusive => {}
            made => return made,
        }
    }
}

fn create(found: Found, flags: i32, mode: u32) -> Result<Arc<dyn Node>, Errno> {
    if flags & flags::CREATE == 0 {
        return Err(Errno::NoEntry);
    }
    if found.slash {
        return Err(Errno::IsDirectory);
    }
    found.folder.create(found.name.bytes(), Kind::Regular, masked(mode), &[])
}

/// May it be opened like that?
fn check(node: &Arc<dyn Node>, flags: i32) -> Result<(), Errno> {
    match node.kind() {
        Kind::Link => Err(Errno::Loop), // with O_NOFOLLOW; O_DIRECTORY makes no difference
        Kind::Socket => Err(Errno::NoDeviceOrAddress),
        Kind::Directory if flags::writes(flags) => Err(Errno::IsDirectory),
        Kind::Directory => Ok(()),
        _ if flags & flags::DIRECTORY != 0 => Err(Errno::NotDirectory),
        _ => Ok(()),
    }
}
