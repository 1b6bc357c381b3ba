//! flock: locks of whole files, held by open file descriptions. There are few, so one list has them all.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::vec::Vec;

use super::wait::Changes;
use crate::errno::Errno;
use crate::sync::Mutex;

struct Lock {
    /// File system and number.
    file: (u64, u64),
    owner: usize,
    exclusive: bool,
}

static LOCKS: Mutex<Vec<Lock>> = Mutex::new(Vec::new());
static CHANGES: Changes = Changes::new();

/// Locks `file` for `owner`, in the place of a lock that it has; waits for others or, without `wait`, is EAGAIN.
pub fn lock(file: (u64, u64), owner: usize, exclusive: bool, wait: bool) -> Result<(), Errno> {
    loop {
        let seen = CHANGES.seen();
        {
            let mut locks = LOCKS.lock();
            let others = |lock: &&Lock| lock.file == file && lock.owner != owner;
            if !locks.iter().filter(others).any(|lock| lock.exclusive || exclusive) {
                locks.retain(|lock| lock.owner != owner);
                locks.try_reserve(1).map_err(|_| Errno::NoMemory)?;
                locks.push(Lock { file, owner, exclusive });
                break;
            }
        }
        if !wait {
            return Err(Errno::Again);
        }
        // as on Linux: who wants another lock gives up the one he has
        unlock(owner);
        CHANGES.wait(seen)?;
    }
    CHANGES.tell();
    Ok(())
}

/// Takes the owner's lock off, if he has one.
pub fn unlock(owner: usize) {
    let had = {
        let mut locks = LOCKS.lock();
        let before = locks.len();
        locks.retain(|lock| lock.owner != owner);
        locks.len() < before
    };
    if had {
        CHANGES.tell();
    }
}
