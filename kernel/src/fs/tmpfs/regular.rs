//! Regular files of a tmpfs.
// SPDX-License-Identifier: BSD-3-Clause
use core::sync::atomic::Ordering;

use hermit_fs::content::{Content, MAX_SIZE};

use super::inode::{Body, Inode};
use crate::errno::Errno;
use crate::fs::file::At;
use crate::fs::mapping;
use crate::fs::node::Node;
use crate::memory::extent::Extent;
use crate::memory::pool;
use crate::sync::Mutex;

impl Inode {
    fn content(&self) -> Result<&Mutex<Content<Extent>>, Errno> {
        match &self.body {
            Body::Regular(content) => Ok(content),
            Body::Directory(_) => Err(Errno::IsDirectory),
            _ => Err(Errno::Invalid),
        }
    }

    pub(super) fn read_content(&self, at: u64, bytes: &mut [u8]) -> Result<usize, Errno> {
        let len = self.content()?.lock().read(at, bytes);
        self.note_access();
        Ok(len)
    }

    pub(super) fn write_content(&self, at: At, bytes: &[u8]) -> Result<(usize, u64), Errno> {
        let mut content = self.content()?.lock();
        let at = match at {
            At::Offset(offset) => offset,
            At::End => content.size(),
        };
        if bytes.is_empty() {
            return Ok((0, at));
        }
        let room = MAX_SIZE.saturating_sub(at).min(bytes.len() as u64) as usize;
        if room == 0 {
            return Err(Errno::TooBig);
        }
        pool::secure()?;
        let before = content.size();
        let len = content.write(at, &bytes[..room])?;
        let grown = content.size() > before;
        drop(content);
        self.touch();
        if grown {
            self.show_more()?;
        }
        Ok((len, at + len as u64))
    }

    pub(super) fn resize_content(&self, size: u64) -> Result<(), Errno> {
        if size > MAX_SIZE {
            return Err(Errno::TooBig);
        }
        let mut content = self.content()?.lock();
        match self.pins.load(Ordering::SeqCst) {
            0 => content.resize(size),
            _ => content.resize_in_place(size),
        }
        drop(content);
        self.touch();
        self.show_more()
    }

    pub(super) fn allocate_content(&self, offset: u64, len: u64) -> Result<(), Errno> {
        let end = offset.checked_add(len).filter(|end| *end <= MAX_SIZE).ok_or(Errno::TooBig)?;
        pool::secure()?;
        let mut content = self.content().map_err(|_| Errno::NoDevice)?.lock();
        content.reserve(offset, len)?;
        if end > content.size() {
            content.resize(end);
        }
        drop(content);
        self.touch();
        self.show_more()
    }

    /// It may be longer: mappings show that.
    fn show_more(&self) -> Result<(), Errno> {
        match self.pins.load(Ordering::SeqCst) {
            0 => Ok(()),
            _ => mapping::grown(self.identity()),
        }
    }

    pub(super) fn pin_content(&self, offset: u64, len: u64, each: &mut dyn FnMut(u64, u64)) -> Result<(), Errno> {
        let mut content = self.content()?.lock();
        if len == 0 {
            self.pins.fetch_add(1, Ordering::SeqCst);
            return Ok(());
        }
        pool::secure()?;
        content.pin(offset, len, |extent, at, len| each(extent.va() + at as u64, len as u64))?;
        Ok(())
    }

    pub(super) fn find_in_content(&self, offset: u64, hole: bool) -> Result<u64, Errno> {
        let content = self.content().map_err(|_| Errno::Invalid)?.lock();
        let found = if hole { content.hole(offset) } else { content.data(offset) };
        found.ok_or(Errno::NoDeviceOrAddress)
    }
}
