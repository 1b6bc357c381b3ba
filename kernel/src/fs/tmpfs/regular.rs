//! Regular files of a tmpfs.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_fs::content::{Content, MAX_SIZE};

use super::inode::{Body, Inode};
use crate::errno::Errno;
use crate::fs::file::At;
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
        let len = content.write(at, &bytes[..room])?;
        drop(content);
        self.touch();
        Ok((len, at + len as u64))
    }

    pub(super) fn resize_content(&self, size: u64) -> Result<(), Errno> {
        if size > MAX_SIZE {
            return Err(Errno::TooBig);
        }
        self.content()?.lock().resize(size);
        self.touch();
        Ok(())
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
        Ok(())
    }

    pub(super) fn find_in_content(&self, offset: u64, hole: bool) -> Result<u64, Errno> {
        let content = self.content().map_err(|_| Errno::Invalid)?.lock();
        let found = if hole { content.hole(offset) } else { content.data(offset) };
        found.ok_or(Errno::NoDeviceOrAddress)
    }
}
