//! Files that are mapped: the memory of the file itself, shown in a window. What is written there is in the file, and the other way round.
//! Only as much is shown as the file is long, and more of it when it grows.
// SPDX-License-Identifier: BSD-3-Clause
use alloc::sync::Arc;
use alloc::vec::Vec;

use hermit_abi::{Range, PAGE};

use super::description::Handle;
use super::flags;
use super::status::Kind;
use crate::errno::Errno;
use crate::memory::window::{self, Window};
use crate::memory::{pool, Rights};
use crate::sync::Mutex;

/// A file's window.
struct View {
    window: Window,
    handle: Handle,
    file: (u64, u64),
    /// Where in the file it begins.
    offset: u64,
}

/// A part of a window that was not unmapped.
struct Mapping {
    view: Arc<View>,
    range: Range,
    /// Bytes from its start that are shown.
    shown: u64,
    rights: Rights,
}

static MAPPINGS: Mutex<Vec<Mapping>> = Mutex::new(Vec::new());

impl Drop for View {
    fn drop(&mut self) {
        self.handle.file().unpin();
    }
}

impl Mapping {
    /// Shows what the file has.
    fn extend(&mut self) -> Result<(), Errno> {
        let view = &self.view;
        let begin = view.offset + (self.range.start - view.window.range().start);
        let there = view.handle.file().status()?.size.next_multiple_of(PAGE).saturating_sub(begin);
        let wanted = there.min(self.range.len);
        if wanted <= self.shown {
            return Ok(());
        }
        let mut at = self.range.start + self.shown;
        let mut done = Ok(());
        view.handle.file().pin(begin + self.shown, wanted - self.shown, &mut |va, len| {
            done = done.and_then(|()| view.window.show(at, va, len, self.rights));
            at += len;
        })?;
        done?;
        self.shown = wanted;
        Ok(())
    }

    fn is_of(&self, file: (u64, u64)) -> bool {
        self.view.file == file
    }
}

/// What may be mapped, and how: the memory is the file's own.
pub fn check(handle: &Handle, shared: bool, writes: bool) -> Result<(), Errno> {
    let open = handle.flags();
    if !flags::reads(open) || (shared && writes && !flags::writes(open)) {
        return Err(Errno::Access);
    }
    match handle.file().status()?.mode & 0o170_000 {
        kind if kind == Kind::Regular as u32 => Ok(()),
        _ => Err(Errno::NoDevice),
    }
}

/// Maps `len` bytes of the file from `offset` on; gives the address.
pub fn share(handle: Handle, offset: u64, len: u64, rights: Rights) -> Result<u64, Errno> {
    window::check(rights)?;
    pool::secure()?;
    let len = len.checked_next_multiple_of(PAGE).filter(|len| *len > 0).ok_or(Errno::NoMemory)?;
    offset.checked_add(len).ok_or(Errno::Overflow)?;
    let status = handle.file().status()?;
    let window = Window::new(len, offset)?;
    let range = window.range();
    handle.file().pin(offset, 0, &mut |_, _| {})?;
    let view = Arc::new(View { window, handle, file: (status.device, status.number), offset });
    let mut mappings = MAPPINGS.lock();
    mappings.try_reserve(1).map_err(|_| Errno::NoMemory)?;
    // in the list first, so that whoever makes the file longer meanwhile sees it
    mappings.push(Mapping { view, range, shown: 0, rights });
    let shown = mappings.last_mut().map_or(Ok(()), Mapping::extend);
    if shown.is_err() {
        window::hide(range);
        let gone = mappings.pop();
        drop(mappings);
        drop(gone);
    }
    shown.map(|()| range.start).map_err(|_| Errno::NoMemory)
}

/// A file that is mapped has become longer.
pub fn grown(file: (u64, u64)) -> Result<(), Errno> {
    MAPPINGS.lock().iter_mut().filter(|mapping| mapping.is_of(file)).try_for_each(Mapping::extend)
}

/// Unmaps `range`, whole pages; what of it is not mapped is left alone.
pub fn unmap(range: Range) -> Result<(), Errno> {
    pool::secure()?;
    let mut gone = Vec::new();
    let mut mappings = MAPPINGS.lock();
    // a mapping may become two, each list has room for that
    mappings.try_reserve(1).map_err(|_| Errno::NoMemory)?;
    let mut at = 0;
    while at < mappings.len() {
        let whole = mappings[at].range;
        let (start, end) = (whole.start.max(range.start), whole.end().min(range.end()));
        if start >= end {
            at += 1;
            continue;
        }
        gone.try_reserve(1).map_err(|_| Errno::NoMemory)?;
        let mapping = mappings.swap_remove(at);
        window::hide(Range::new(start, end - start));
        for (first, last) in [(whole.start, start), (end, whole.end())] {
            if first < last {
                let shown = (whole.start + mapping.shown).clamp(first, last) - first;
                let rest = Range::new(first, last - first);
                mappings.try_reserve(1).map_err(|_| Errno::NoMemory)?;
                mappings.push(Mapping { view: mapping.view.clone(), range: rest, shown, rights: mapping.rights });
            }
        }
        gone.push(mapping);
    }
    drop(mappings);
    drop(gone);
    Ok(())
}

/// Changes the rights of `range`, which must be a part of one mapping. All of the mapping's later growth has them, too.
pub fn protect(range: Range, writes: bool, rights: Rights) -> Result<(), Errno> {
    window::check(rights)?;
    let mut mappings = MAPPINGS.lock();
    let mapping = mappings.iter_mut().find(|mapping| mapping.range.contains(&range)).ok_or(Errno::NoMemory)?;
    if writes && !flags::writes(mapping.view.handle.flags()) {
        return Err(Errno::Access);
    }
    let shown = Range::new(mapping.range.start, mapping.shown);
    let (start, end) = (range.start.max(shown.start), range.end().min(shown.end()));
    if mapping.range == range {
        mapping.rights = rights;
    }
    if start < end {
        window::protect(Range::new(start, end - start), rights)?;
    }
    Ok(())
}
