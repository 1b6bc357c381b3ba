//! The tree: its root, and what is mounted where. A file system is mounted by the node that it covers.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicUsize, Ordering};

use super::device::Device;
use super::node::Node;
use super::status::Kind;
use super::tmpfs;
use crate::errno::Errno;
use crate::sync::Mutex;

struct Mount {
    /// The directory that cannot be seen any more.
    covered: Arc<dyn Node>,
    /// What is seen instead.
    root: Arc<dyn Node>,
}

static ROOT: Mutex<Option<Arc<dyn Node>>> = Mutex::new(None);
static MOUNTS: Mutex<Vec<Mount>> = Mutex::new(Vec::new());
/// How many there are: almost always none, and then nobody takes the lock.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The root; made by the first who asks.
pub fn root() -> Result<Arc<dyn Node>, Errno> {
    let mut root = ROOT.lock();
    match &*root {
        Some(root) => Ok(root.clone()),
        None => {
            let made = first()?;
            *root = Some(made.clone());
            Ok(made)
        }
    }
}

/// A tmpfs with what every program expects.
fn first() -> Result<Arc<dyn Node>, Errno> {
    const DEVICES: [(&[u8], Device); 9] = [
        (b"null", Device::Null),
        (b"zero", Device::Zero),
        (b"full", Device::Full),
        (b"random", Device::Random),
        (b"urandom", Device::Urandom),
        (b"tty", Device::Terminal),
        (b"stdin", Device::Standard(0)),
        (b"stdout", Device::Standard(1)),
        (b"stderr", Device::Standard(2)),
    ];
    let root = tmpfs::new()?;
    tmpfs::add_directory(&root, b"tmp", 0o1777)?;
    let folder = tmpfs::add_directory(&root, b"dev", 0o755)?;
    tmpfs::add_directory(&folder, b"shm", 0o1777)?;
    for (name, device) in DEVICES {
        tmpfs::add_device(&folder, name, device)?;
    }
    Ok(root)
}

/// Covers the directory `covered` by the root of another file system.
#[allow(dead_code)] // for baked files and the host's directories
pub fn mount(covered: Arc<dyn Node>, root: Arc<dyn Node>) -> Result<(), Errno> {
    if covered.kind() != Kind::Directory || root.kind() != Kind::Directory {
        return Err(Errno::NotDirectory);
    }
    let mut mounts = MOUNTS.lock();
    if mounts.iter().any(|mount| mount.covered.identity() == covered.identity()) {
        return Err(Errno::Busy);
    }
    mounts.try_reserve(1).map_err(|_| Errno::NoMemory)?;
    mounts.push(Mount { covered, root });
    COUNT.store(mounts.len(), Ordering::SeqCst);
    Ok(())
}

fn find(is: impl Fn(&Mount) -> bool) -> Option<(Arc<dyn Node>, Arc<dyn Node>)> {
    if COUNT.load(Ordering::Relaxed) == 0 {
        return None;
    }
    let mounts = MOUNTS.lock();
    mounts.iter().find(|mount| is(mount)).map(|mount| (mount.covered.clone(), mount.root.clone()))
}

/// What is seen where `node` is.
pub fn over(node: Arc<dyn Node>) -> Arc<dyn Node> {
    let seen = find(|mount| mount.covered.identity() == node.identity());
    seen.map_or(node, |(_, root)| root)
}

/// The directory that `node` covers, or itself.
pub fn under(node: Arc<dyn Node>) -> Arc<dyn Node> {
    let covered = find(|mount| mount.root.identity() == node.identity());
    covered.map_or(node, |(covered, _)| covered)
}

/// Does something cover it?
pub fn is_covered(node: &Arc<dyn Node>) -> bool {
    find(|mount| mount.root.identity() == node.identity() || mount.covered.identity() == node.identity()).is_some()
}
