//! What is done with names. The calls without "at" in their names are HermitCore's: seen from the working directory.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use core::ffi::{c_char, c_int, c_uint, CStr};

use super::status;
use crate::door;
use crate::errno::Errno;
use crate::fs::flags::{AT_CWD, AT_NOFOLLOW, AT_REMOVEDIR};
use crate::fs::names::{self, Path};
use crate::fs::node::Node;
use crate::fs::status::{Change, Kind, Status, Time};
use crate::fs::{open, path, table};

/// UTIME_NOW and UTIME_OMIT of hermit/syscalls.h.
const NOW: i64 = -2;
const OMIT: i64 = -1;
const NS: i64 = 1_000_000_000;

/// `struct sys_volume` of hermit/syscalls.h.
#[repr(C)]
pub struct Volume {
    blocks: u64,
    free: u64,
    device: u64,
    read_only: u64,
}

/// A path of the caller's.
unsafe fn path<'a>(folder: c_int, text: *const c_char) -> Result<Path<'a>, Errno> {
    if text.is_null() {
        return Err(Errno::Fault);
    }
    // SAFETY: the caller's own memory, by the contract of the header.
    Ok(Path { folder, text: unsafe { CStr::from_ptr(text) }.to_bytes() })
}

/// Opens; gives the descriptor.
#[no_mangle]
unsafe extern "C" fn sys_openat(folder: c_int, text: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    let opened = crate::signal::interruptible(|| {
        let _door = door::enter();
        // SAFETY: the contract of the header.
        unsafe { path(folder, text) }.and_then(|path| open::open(path.folder, path.text, flags, mode))
    });
    opened.unwrap_or_else(Errno::code)
}

/// Opens.
#[no_mangle]
unsafe extern "C" fn sys_open(text: *const c_char, flags: c_int, mode: c_uint) -> c_int {
    // SAFETY: the same contract.
    unsafe { sys_openat(AT_CWD, text, flags, mode) }
}

/// What is known of a file.
#[no_mangle]
unsafe extern "C" fn sys_fstatat(folder: c_int, text: *const c_char, result: *mut Status, flags: c_int) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    let found = unsafe { path(folder, text) }.and_then(|path| names::status(path, flags));
    // SAFETY: the caller's own memory, by the contract of the header.
    status(found.map(|found| unsafe { result.write(found) }))
}

/// What is known of a file.
#[no_mangle]
unsafe extern "C" fn sys_stat(text: *const c_char, result: *mut Status) -> c_int {
    // SAFETY: the same contract.
    unsafe { sys_fstatat(AT_CWD, text, result, 0) }
}

/// The same; of a symbolic link itself.
#[no_mangle]
unsafe extern "C" fn sys_lstat(text: *const c_char, result: *mut Status) -> c_int {
    // SAFETY: the same contract.
    unsafe { sys_fstatat(AT_CWD, text, result, AT_NOFOLLOW) }
}

/// Space of a node's file system.
pub fn volume_of(node: Option<Arc<dyn Node>>) -> Result<Volume, Errno> {
    let node = node.map_or_else(crate::fs::mount::root, Ok)?;
    let volume = node.volume()?;
    Ok(Volume {
        blocks: volume.blocks,
        free: volume.free,
        device: node.identity().0,
        read_only: u64::from(volume.read_only),
    })
}

/// Space of the file system that a path is on.
#[no_mangle]
unsafe extern "C" fn sys_statvfs(text: *const c_char, result: *mut Volume) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    let node = unsafe { path(AT_CWD, text) }.and_then(|path| names::node(path, 0));
    let volume = node.and_then(|node| volume_of(Some(node)));
    // SAFETY: the caller's own memory, by the contract of the header.
    status(volume.map(|volume| unsafe { result.write(volume) }))
}

/// May it be read (4), written (2), executed (1); is it there (0)?
#[no_mangle]
unsafe extern "C" fn sys_faccessat(folder: c_int, text: *const c_char, mode: c_uint, flags: c_int) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    status(unsafe { path(folder, text) }.and_then(|path| names::access(path, mode, flags)))
}

/// The same.
#[no_mangle]
unsafe extern "C" fn sys_access(text: *const c_char, mode: c_uint) -> c_int {
    // SAFETY: the same contract.
    unsafe { sys_faccessat(AT_CWD, text, mode, 0) }
}

/// Makes a directory.
#[no_mangle]
unsafe extern "C" fn sys_mkdirat(folder: c_int, text: *const c_char, mode: c_uint) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    status(unsafe { path(folder, text) }.and_then(|path| names::make(path, Kind::Directory, mode & 0o1777, &[])))
}

/// The same.
#[no_mangle]
unsafe extern "C" fn sys_mkdir(text: *const c_char, mode: c_uint) -> c_int {
    // SAFETY: the same contract.
    unsafe { sys_mkdirat(AT_CWD, text, mode) }
}

/// Makes a FIFO or an empty file, as the mode's file type says.
#[no_mangle]
unsafe extern "C" fn sys_mknodat(folder: c_int, text: *const c_char, mode: c_uint) -> c_int {
    let _door = door::enter();
    let kind = match mode & 0o170_000 {
        0o010_000 => Ok(Kind::Fifo),
        0 | 0o100_000 => Ok(Kind::Regular),
        0o020_000 | 0o060_000 | 0o140_000 => Err(Errno::NotPermitted),
        _ => Err(Errno::Invalid),
    };
    // SAFETY: the contract of the header.
    status(kind.and_then(|kind| names::make(unsafe { path(folder, text) }?, kind, mode, &[])))
}

/// Makes a symbolic link at `text` that stands for `target`.
#[no_mangle]
unsafe extern "C" fn sys_symlinkat(target: *const c_char, folder: c_int, text: *const c_char) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    let both = unsafe { path(AT_CWD, target).and_then(|target| Ok((target, path(folder, text)?))) };
    status(both.and_then(|(target, path)| names::make(path, Kind::Link, 0o777, target.text)))
}

/// What a symbolic link stands for, as much as fits, without a NUL; gives its length.
#[no_mangle]
unsafe extern "C" fn sys_readlinkat(folder: c_int, text: *const c_char, buffer: *mut u8, len: usize) -> i64 {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    let target = unsafe { path(folder, text) }.and_then(names::target);
    let target = target.and_then(|target| if len == 0 { Err(Errno::Invalid) } else { Ok(target) });
    target.map_or_else(
        |error| error.code().into(),
        |target| {
            let len = target.len().min(len);
            // SAFETY: the caller's own memory, by the contract of the header.
            unsafe { core::ptr::copy_nonoverlapping(target.as_ptr(), buffer, len) };
            len as i64
        },
    )
}

/// Gives a file another name; AT_SYMLINK_FOLLOW (4): what a symbolic link stands for, not itself.
#[no_mangle]
unsafe extern "C" fn sys_linkat(from: c_int, old: *const c_char, to: c_int, new: *const c_char, flags: c_int) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    let both = unsafe { path(from, old).and_then(|old| Ok((old, path(to, new)?))) };
    status(both.and_then(|(old, new)| names::link(old, new, flags)))
}

/// Moves a name, over what is there unless `keep`.
#[no_mangle]
unsafe extern "C" fn sys_renameat(
    from: c_int,
    old: *const c_char,
    to: c_int,
    new: *const c_char,
    keep: c_int,
) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    let both = unsafe { path(from, old).and_then(|old| Ok((old, path(to, new)?))) };
    status(both.and_then(|(old, new)| names::rename(old, new, keep != 0)))
}

/// Removes a name; with AT_REMOVEDIR (8) an empty directory.
#[no_mangle]
unsafe extern "C" fn sys_unlinkat(folder: c_int, text: *const c_char, flags: c_int) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    status(unsafe { path(folder, text) }.and_then(|path| match flags {
        0 => names::unlink(path),
        AT_REMOVEDIR => names::rmdir(path),
        _ => Err(Errno::Invalid),
    }))
}

/// Removes a name.
#[no_mangle]
unsafe extern "C" fn sys_unlink(text: *const c_char) -> c_int {
    // SAFETY: the same contract.
    unsafe { sys_unlinkat(AT_CWD, text, 0) }
}

/// Removes an empty directory.
#[no_mangle]
unsafe extern "C" fn sys_rmdir(text: *const c_char) -> c_int {
    // SAFETY: the same contract.
    unsafe { sys_unlinkat(AT_CWD, text, AT_REMOVEDIR) }
}

/// Changes permission bits.
#[no_mangle]
unsafe extern "C" fn sys_fchmodat(folder: c_int, text: *const c_char, mode: c_uint, flags: c_int) -> c_int {
    let change = Change { mode: Some(mode & 0o7777), ..Change::default() };
    // SAFETY: the same contract.
    unsafe { change_at(folder, text, flags, &change) }
}

/// Owner and group to be; -1 stays.
pub fn owners(user: c_uint, group: c_uint) -> Change {
    let given = |id: c_uint| Some(id).filter(|id| *id != c_uint::MAX);
    Change { user: given(user), group: given(group), ..Change::default() }
}

/// Changes owner and group.
#[no_mangle]
unsafe extern "C" fn sys_fchownat(
    folder: c_int,
    text: *const c_char,
    user: c_uint,
    group: c_uint,
    flags: c_int,
) -> c_int {
    // SAFETY: the same contract.
    unsafe { change_at(folder, text, flags, &owners(user, group)) }
}

/// Times to be: none given is now.
pub fn times(times: Option<&[Time; 2]>) -> Result<Change, Errno> {
    let now = Time::now();
    let one = |time: &Time| match time.nanoseconds {
        NOW => Ok(Some(now)),
        OMIT => Ok(None),
        0..NS => Ok(Some(*time)),
        _ => Err(Errno::Invalid),
    };
    let [accessed, modified] = times.copied().unwrap_or([now, now]);
    Ok(Change { accessed: one(&accessed)?, modified: one(&modified)?, ..Change::default() })
}

/// Changes the times of access and modification.
#[no_mangle]
unsafe extern "C" fn sys_utimensat(folder: c_int, text: *const c_char, at: *const [Time; 2], flags: c_int) -> c_int {
    // SAFETY: the same contract.
    match times(unsafe { at.as_ref() }) {
        // SAFETY: the same contract.
        Ok(times) => unsafe { change_at(folder, text, flags, &times) },
        Err(error) => error.code(),
    }
}

unsafe fn change_at(folder: c_int, text: *const c_char, flags: c_int, change: &Change) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    status(unsafe { path(folder, text) }.and_then(|path| names::change(path, flags, change)))
}

/// Cuts or lengthens a file.
#[no_mangle]
unsafe extern "C" fn sys_truncate(text: *const c_char, size: i64) -> c_int {
    let _door = door::enter();
    let size = u64::try_from(size).map_err(|_| Errno::Invalid);
    // SAFETY: the contract of the header.
    let node = unsafe { path(AT_CWD, text) }.and_then(|path| names::node(path, 0));
    status(node.and_then(|node| size.and_then(|size| node.resize(size))))
}

/// Sets the permission bits that new files do not get; gives what they were.
#[no_mangle]
extern "C" fn sys_umask(mask: c_uint) -> c_uint {
    open::set_mask(mask)
}

/// Changes the working directory.
#[no_mangle]
unsafe extern "C" fn sys_chdir(text: *const c_char) -> c_int {
    let _door = door::enter();
    // SAFETY: the contract of the header.
    let node = unsafe { path(AT_CWD, text) }.and_then(|path| names::node(path, 0));
    status(node.and_then(path::change_working))
}

/// Changes it to an open directory.
#[no_mangle]
extern "C" fn sys_fchdir(fd: c_int) -> c_int {
    let _door = door::enter();
    let node = table::get(fd).and_then(|handle| handle.node().cloned().ok_or(Errno::NotDirectory));
    status(node.and_then(path::change_working))
}

/// The working directory's path, with its NUL; gives its length with that.
#[no_mangle]
unsafe extern "C" fn sys_getcwd(buffer: *mut u8, len: usize) -> i64 {
    let _door = door::enter();
    let path = path::working().and_then(path::of);
    let path = path.and_then(|path| if path.len() < len { Ok(path) } else { Err(Errno::Range) });
    path.map_or_else(
        |error| error.code().into(),
        |path| {
            // SAFETY: the caller's own memory, by the contract of the header.
            unsafe {
                core::ptr::copy_nonoverlapping(path.as_ptr(), buffer, path.len());
                buffer.add(path.len()).write(0);
            }
            path.len() as i64 + 1
        },
    )
}
