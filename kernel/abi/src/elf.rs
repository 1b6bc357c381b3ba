//! The few facts of an ELF header that both the host (hostile files) and the guest's early boot (its own image) need.
// SPDX-License-Identifier: BSD-3-Clause
use crate::{Range, PAGE};

/// Most loadable segments an image may have.
pub const MAX_SEGMENTS: usize = 16;
/// Where images are linked at least: below are the nub's frames and the NULL page.
pub const LINK_BASE: u64 = 2 << 20;
/// Images end below this virtual address: the window of `layout` begins there.
pub const LINK_END: u64 = 256 << 30;

/// Segment flag: executable (PF_X).
pub const PF_X: u32 = 1;
/// Segment flag: writable (PF_W).
pub const PF_W: u32 = 2;

/// One loadable segment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Link (= guest-physical) addresses in memory.
    pub memory: Range,
    /// Bytes in the file.
    pub file: Range,
    /// PF_* flags.
    pub flags: u32,
}

/// The program headers' content, checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Image {
    /// Loadable segments in ascending order; `count` are used.
    pub segments: [Segment; MAX_SEGMENTS],
    /// Used entries of `segments`.
    pub count: usize,
    /// File range of all notes (PT_NOTE), at most four.
    pub notes: [Range; 4],
    /// Link addresses of the same notes.
    pub note_addresses: [u64; 4],
    /// Used entries of `notes`.
    pub note_count: usize,
    /// GNU_STACK asks for an executable stack.
    pub exec_stack: bool,
    /// e_entry.
    pub entry: u64,
}

/// Why an image is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElfError {
    /// The first bytes are no ELF header.
    NotElf,
    /// Not a 64-bit little-endian static x86_64 program.
    WrongKind,
    /// EI_OSABI is not 0xff: a program for Linux or another system.
    NotHermit,
    /// The file ends before its headers or segments do.
    Truncated,
    /// A program header's addresses overflow or leave the allowed range.
    OutOfRange,
    /// Two segments overlap or stand in the wrong order.
    Overlap,
    /// A segment is writable and executable.
    WritableText,
    /// More segments or notes than allowed, or none.
    Count,
}

impl Image {
    /// The range of link addresses from the first to the last segment, rounded to pages.
    pub fn span(&self) -> Range {
        let Some(last) = self.segments[..self.count].last() else {
            return Range::default();
        };
        let start = self.segments[0].memory.start & !(PAGE - 1);
        let end = (last.memory.end() + PAGE - 1) & !(PAGE - 1);
        Range::new(start, end - start)
    }
}

fn number(bytes: &[u8], at: usize, len: usize) -> Result<u64, ElfError> {
    let end = at.checked_add(len).ok_or(ElfError::Truncated)?;
    let field = bytes.get(at..end).ok_or(ElfError::Truncated)?;
    let mut word = [0; 8];
    word[..len].copy_from_slice(field);
    Ok(u64::from_le_bytes(word))
}

/// Parses and checks `head`, the first bytes of a file of `file_len` bytes (a page suffices for our images).
pub fn parse(head: &[u8], file_len: u64) -> Result<Image, ElfError> {
    if head.get(..4) != Some(b"\x7fELF") {
        return Err(ElfError::NotElf);
    }
    // class 64, little endian, ET_EXEC, EM_X86_64 (ELF specification)
    if number(head, 4, 2)? != 0x0102 || number(head, 16, 4)? != 0x003e_0002 {
        return Err(ElfError::WrongKind);
    }
    if number(head, 7, 1)? != 0xff {
        return Err(ElfError::NotHermit);
    }
    let mut image = Image { entry: number(head, 24, 8)?, ..Image::default() };
    let table = number(head, 32, 8)? as usize;
    if number(head, 54, 2)? != 56 {
        return Err(ElfError::WrongKind);
    }
    for index in 0..number(head, 56, 2)? as usize {
        let at = index.checked_mul(56).and_then(|n| n.checked_add(table)).ok_or(ElfError::Truncated)?;
        let header = at.checked_add(56).and_then(|end| head.get(at..end)).ok_or(ElfError::Truncated)?;
        add_header(&mut image, header, file_len)?;
    }
    if image.count == 0 {
        return Err(ElfError::Count);
    }
    Ok(image)
}

fn add_header(image: &mut Image, header: &[u8], file_len: u64) -> Result<(), ElfError> {
    const LOAD: u64 = 1;
    const NOTE: u64 = 4;
    const GNU_STACK: u64 = 0x6474_e551;
    let flags = number(header, 4, 4)? as u32;
    let (offset, address) = (number(header, 8, 8)?, number(header, 16, 8)?);
    let (file_size, memory_size) = (number(header, 32, 8)?, number(header, 40, 8)?);
    let file = Range::new(offset, file_size);
    match number(header, 0, 4)? {
        LOAD if memory_size > 0 => {
            let memory = Range::new(address, memory_size);
            add_segment(image, Segment { memory, file, flags }, file_len)
        }
        NOTE => {
            let inside = offset.checked_add(file_size).is_some_and(|end| end <= file_len);
            if !inside {
                return Err(ElfError::Truncated);
            }
            let slot = image.notes.get_mut(image.note_count).ok_or(ElfError::Count)?;
            *slot = file;
            image.note_addresses[image.note_count] = address;
            image.note_count += 1;
            Ok(())
        }
        GNU_STACK => {
            image.exec_stack = flags & PF_X != 0;
            Ok(())
        }
        _ => Ok(()),
    }
}

fn add_segment(image: &mut Image, segment: Segment, file_len: u64) -> Result<(), ElfError> {
    let (file, memory) = (segment.file, segment.memory);
    let file_end = file.start.checked_add(file.len).ok_or(ElfError::OutOfRange)?;
    let memory_end = memory.start.checked_add(memory.len).ok_or(ElfError::OutOfRange)?;
    if file_end > file_len {
        return Err(ElfError::Truncated);
    }
    if file.len > memory.len || memory.start < LINK_BASE || memory_end > LINK_END {
        return Err(ElfError::OutOfRange);
    }
    if segment.flags & PF_W != 0 && segment.flags & PF_X != 0 {
        return Err(ElfError::WritableText);
    }
    if let Some(last) = image.segments[..image.count].last() {
        // Page by page: two segments with other rights may not share one.
        if memory.start & !(PAGE - 1) < (last.memory.end() + PAGE - 1) & !(PAGE - 1) {
            return Err(ElfError::Overlap);
        }
    }
    *image.segments.get_mut(image.count).ok_or(ElfError::Count)? = segment;
    image.count += 1;
    Ok(())
}
