//! From a path to a node: components, symbolic links, mounts; and back.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use alloc::vec::Vec;

use hermit_fs::path::{check, is_over, split, NAME_MAX, PATH_MAX};

use super::flags::AT_CWD;
use super::mount;
use super::node::Node;
use super::status::Kind;
use super::table;
use crate::errno::Errno;
use crate::sync::Mutex;

/// Most symbolic links on the way.
const MOST_LINKS: u32 = 40;

/// The working directory; None: the root.
static WORKING: Mutex<Option<Arc<dyn Node>>> = Mutex::new(None);

/// The last component of a path.
pub struct Name {
    bytes: [u8; NAME_MAX],
    len: u8,
}

impl Name {
    fn new(name: &[u8]) -> Result<Self, Errno> {
        let mut bytes = [0; NAME_MAX];
        bytes.get_mut(..name.len()).ok_or(Errno::NameTooLong)?.copy_from_slice(name);
        Ok(Self { bytes, len: name.len() as u8 })
    }

    /// The name.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len as usize]
    }
}

/// Where a path leads.
pub struct Found {
    /// The directory that the last component is in.
    pub folder: Arc<dyn Node>,
    /// The last component.
    pub name: Name,
    /// The node; None: there is none of that name, but there could be.
    pub node: Option<Arc<dyn Node>>,
    /// A slash follows: it has to be a directory.
    pub slash: bool,
}

impl Found {
    /// The node, or ENOENT.
    pub fn node(self) -> Result<Arc<dyn Node>, Errno> {
        self.node.ok_or(Errno::NoEntry)
    }

    /// Is the last component "." or ".." or no name at all?
    pub fn is_dots(&self) -> bool {
        matches!(self.name.bytes(), b"." | b".." | b"/")
    }
}

/// Where names begin that are relative to descriptor `folder`.
pub fn base(folder: i32, path: &[u8]) -> Result<Arc<dyn Node>, Errno> {
    if path.first() == Some(&b'/') {
        return mount::root();
    }
    if folder == AT_CWD {
        return working();
    }
    let handle = table::get(folder)?;
    handle.node().cloned().ok_or(Errno::NotDirectory)
}

/// The working directory.
pub fn working() -> Result<Arc<dyn Node>, Errno> {
    let working = WORKING.lock().clone();
    working.map_or_else(mount::root, Ok)
}

/// Changes it.
pub fn change_working(node: Arc<dyn Node>) -> Result<(), Errno> {
    if node.kind() != Kind::Directory {
        return Err(Errno::NotDirectory);
    }
    let before = WORKING.lock().replace(node);
    drop(before);
    Ok(())
}

/// Finds where `path` leads from descriptor `folder`; a symbolic link at its end is followed if `follow`.
pub fn find(folder: i32, path: &[u8], follow: bool) -> Result<Found, Errno> {
    check(path)?;
    let mut node = base(folder, path)?;
    let mut spliced: Option<Vec<u8>> = None;
    let (mut at, mut links) = (0, 0);
    loop {
        let text = spliced.as_deref().unwrap_or(path);
        let Some((name, rest)) = split(&text[at..]) else {
            return Ok(Found { folder: node.clone(), name: Name::new(b"/")?, node: Some(node), slash: true });
        };
        if name.len() > NAME_MAX {
            return Err(Errno::NameTooLong);
        }
        let (last, slash) = (is_over(rest), !rest.is_empty());
        let next = match step(&node, name) {
            Err(Errno::NoEntry) if last => {
                return Ok(Found { name: Name::new(name)?, folder: node, node: None, slash });
            }
            next => next?,
        };
        if next.kind() == Kind::Link && (!last || slash || follow) {
            links += 1;
            if links > MOST_LINKS {
                return Err(Errno::Loop);
            }
            let joined = splice(next.target()?, rest)?;
            if joined.first() == Some(&b'/') {
                node = mount::root()?;
            }
            spliced = Some(joined);
            at = 0;
            continue;
        }
        if last {
            if slash && next.kind() != Kind::Directory {
                return Err(Errno::NotDirectory);
            }
            return Ok(Found { name: Name::new(name)?, folder: node, node: Some(next), slash });
        }
        at = text.len() - rest.len();
        node = next;
    }
}

/// One component further.
fn step(node: &Arc<dyn Node>, name: &[u8]) -> Result<Arc<dyn Node>, Errno> {
    match name {
        b"." | b".." if node.kind() != Kind::Directory => Err(Errno::NotDirectory),
        b"." => Ok(node.clone()),
        b".." => above(node.clone()),
        name => Ok(mount::over(node.lookup(name)?)),
    }
}

/// The directory above; the root is above itself.
fn above(node: Arc<dyn Node>) -> Result<Arc<dyn Node>, Errno> {
    mount::under(node).parent().map(mount::over).ok_or(Errno::NoEntry)
}

/// What a link stands for, and behind it the rest of the path.
fn splice(mut target: Vec<u8>, rest: &[u8]) -> Result<Vec<u8>, Errno> {
    if target.len() + rest.len() >= PATH_MAX {
        return Err(Errno::NameTooLong);
    }
    target.try_reserve_exact(rest.len()).map_err(|_| Errno::NoMemory)?;
    target.extend_from_slice(rest);
    Ok(target)
}

/// The path of a directory, from the root, the first part last.
pub fn of(node: Arc<dyn Node>) -> Result<Vec<u8>, Errno> {
    let root = mount::root()?.identity();
    let mut path: Vec<u8> = Vec::new();
    let mut node = node;
    while node.identity() != root {
        let place = mount::under(node);
        let identity = place.identity();
        let parent = place.parent().ok_or(Errno::NoEntry)?;
        let name = parent.name_of(identity).ok_or(Errno::NoEntry)?;
        path.try_reserve(name.len() + 1).map_err(|_| Errno::NoMemory)?;
        path.splice(0..0, core::iter::once(b'/').chain(name));
        node = mount::over(parent);
    }
    if path.is_empty() {
        path.push(b'/');
    }
    Ok(path)
}
