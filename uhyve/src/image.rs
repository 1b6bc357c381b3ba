//! The image: a hermit ELF file, checked as hostile before a byte of it is used, loaded without its debug sections.
// SPDX-License-Identifier: BSD-3-Clause
use std::fs::File;
use std::io;
use std::mem::offset_of;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use hermit_abi::core::{VECTORS, VECTOR_STRIDE};
use hermit_abi::elf::{self, PF_X};
use hermit_abi::note::{self, DefaultsNote, ImageNote};
use hermit_abi::paging::Nub;
use hermit_abi::{Range, ABI_VERSION, PAGE};

use nix::libc::O_NONBLOCK;

use crate::bytes;
use crate::error::{elf_text, Error};
use crate::memory::Memory;

/// At most this many bytes of notes are read.
const MAX_NOTE: u64 = 64 << 10;
/// Memory of a program that asks for none, unless it is larger itself.
const DEFAULT_MEMORY: u64 = 64 << 20;
/// More for each core beyond the first: stacks of its threads. What nobody touches the host never gives.
const MEMORY_PER_CORE: u64 = 448 << 20;

/// An image that passed all checks.
#[derive(Debug)]
pub struct ImageFile {
    /// Where it is, as given.
    pub path: PathBuf,
    /// Its segments.
    pub elf: elf::Image,
    /// Where its nub is.
    pub nub: Nub,
    /// What the program asks for.
    pub defaults: DefaultsNote,
    file: File,
}

impl ImageFile {
    /// Opens and checks `path`.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let no_file = |error| Error::NoFile(path.into(), error);
        // Of a FIFO nobody knows whether a writer ever comes.
        let file = File::options().read(true).custom_flags(O_NONBLOCK).open(path).map_err(no_file)?;
        let facts = file.metadata().map_err(no_file)?;
        if !facts.is_file() {
            return Err(Error::NotHermit(path.into(), "not a regular file".into()));
        }
        let mut head = vec![0; facts.len().min(PAGE) as usize];
        file.read_exact_at(&mut head, 0).map_err(no_file)?;
        let image =
            elf::parse(&head, facts.len()).map_err(|error| Error::NotHermit(path.into(), elf_text(error).into()))?;
        let mut notes = Notes::default();
        for (range, address) in image.notes.iter().zip(image.note_addresses).take(image.note_count) {
            let mut content = vec![0; range.len.min(MAX_NOTE) as usize];
            file.read_exact_at(&mut content, range.start).map_err(no_file)?;
            notes.read(&content, address);
        }
        let nub = checked_nub(&image, &notes).map_err(|why| Error::NotHermit(path.into(), why))?;
        Ok(Self { path: path.into(), elf: image, nub, defaults: notes.defaults, file })
    }

    /// Memory where nobody asks for another size: the program's own default, else 64 MiB or twice its segments, and
    /// 64 MiB for each core beyond the first unless that were more than half of the host's memory.
    pub fn default_memory(&self, cores: u32, host: u64) -> u64 {
        if self.defaults.mem != 0 {
            return self.defaults.mem;
        }
        let least = DEFAULT_MEMORY.max(self.elf.span().len.saturating_mul(2));
        least.saturating_add(MEMORY_PER_CORE * u64::from(cores - 1)).min(host / 2).max(least)
    }

    /// The open file: what it says about the running program stays, even if another build takes its name.
    pub fn into_file(self) -> File {
        self.file
    }

    /// Reads the segments' file contents into fresh guest memory.
    pub fn load(&self, memory: &Memory) -> Result<(), Error> {
        for segment in &self.elf.segments[..self.elf.count] {
            let (file, start) = (segment.file, segment.memory.start);
            memory.load(&self.file, file.start, start, file.len).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => {
                    Error::NotHermit(self.path.clone(), "the file shrank while it was loaded".into())
                }
                _ => Error::NoFile(self.path.clone(), error),
            })?;
        }
        Ok(())
    }
}

/// What the notes of an image say.
#[derive(Debug, Default)]
struct Notes {
    image: Option<(ImageNote, u64)>,
    defaults: DefaultsNote,
}

impl Notes {
    /// Walks one note segment; ends silently where it is malformed, so that a missing image note is what is reported.
    fn read(&mut self, content: &[u8], address: u64) {
        let mut at = 0_usize;
        while let (Some(name_len), Some(len), Some(kind)) =
            (word(content, at), word(content, at + 4), word(content, at + 8))
        {
            let name = at + 12;
            let descriptor = name.saturating_add(name_len.next_multiple_of(4));
            let end = descriptor.saturating_add(len);
            let (Some(name), Some(bytes)) =
                (content.get(name..name.saturating_add(name_len)), content.get(descriptor..end))
            else {
                return;
            };
            if name == note::NAME {
                self.take(kind as u32, bytes, address.saturating_add(descriptor as u64));
            }
            at = descriptor.saturating_add(len.next_multiple_of(4));
        }
    }

    fn take(&mut self, kind: u32, content: &[u8], address: u64) {
        if kind == note::TYPE_IMAGE && content.len() >= size_of::<ImageNote>() {
            let signed = |at| bytes::u64_at(content, at).unwrap_or(0) as i64;
            let image = ImageNote {
                version: bytes::u32_at(content, offset_of!(ImageNote, version)).unwrap_or(0),
                reserved: 0,
                entry: signed(offset_of!(ImageNote, entry)),
                nub_start: signed(offset_of!(ImageNote, nub_start)),
                nub_end: signed(offset_of!(ImageNote, nub_end)),
                vectors: signed(offset_of!(ImageNote, vectors)),
            };
            self.image = Some((image, address));
        }
        if kind == note::TYPE_DEFAULTS && content.len() >= size_of::<DefaultsNote>() {
            self.defaults = DefaultsNote {
                cpus: bytes::u32_at(content, offset_of!(DefaultsNote, cpus)).unwrap_or(0),
                flags: bytes::u32_at(content, offset_of!(DefaultsNote, flags)).unwrap_or(0),
                mem: bytes::u64_at(content, offset_of!(DefaultsNote, mem)).unwrap_or(0),
                stack: bytes::u64_at(content, offset_of!(DefaultsNote, stack)).unwrap_or(0),
            };
        }
    }
}

fn word(content: &[u8], at: usize) -> Option<usize> {
    bytes::u32_at(content, at).map(|value| value as usize)
}

/// The nub's absolute link addresses, inside one executable segment.
fn checked_nub(image: &elf::Image, notes: &Notes) -> Result<Nub, String> {
    let Some((note, address)) = notes.image else {
        return Err("it has no Hermit note; build it with x86_64-hermit-gcc".into());
    };
    if note.version != ABI_VERSION {
        return Err(format!(
            "it speaks version {} of the guest-host ABI and this uhyve version {ABI_VERSION}; build both anew",
            note.version
        ));
    }
    let absolute = |value: i64, at: usize| address.wrapping_add(at as u64).wrapping_add(value as u64);
    let start = absolute(note.nub_start, offset_of!(ImageNote, nub_start));
    let end = absolute(note.nub_end, offset_of!(ImageNote, nub_end));
    let nub = Nub {
        entry: absolute(note.entry, offset_of!(ImageNote, entry)),
        text: Range::new(start, end.saturating_sub(start)),
        vectors: absolute(note.vectors, offset_of!(ImageNote, vectors)),
    };
    let executable = |segment: &elf::Segment| segment.flags & PF_X != 0 && segment.memory.contains(&nub.text);
    let in_text = image.segments[..image.count].iter().any(executable);
    let aligned = start % PAGE == 0 && end % PAGE == 0 && start < end;
    let entries = nub.text.contains(&Range::new(nub.entry, 1))
        && nub.text.contains(&Range::new(nub.vectors, VECTORS * VECTOR_STRIDE));
    if in_text && aligned && entries {
        Ok(nub)
    } else {
        Err("the addresses in its Hermit note are out of range".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A good image: note, text and data segments, the note's addresses inside the text.
    fn good() -> Vec<u8> {
        let mut bytes = vec![0; 0x4000];
        bytes[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\xff");
        let mut put =
            |at: usize, value: u64, len: usize| bytes[at..at + len].copy_from_slice(&value.to_le_bytes()[..len]);
        for (at, value, len) in [(16, 0x003e_0002, 4), (24, 0x20_1000, 8), (32, 64, 8), (54, 56, 2), (56, 4, 2)] {
            put(at, value, len);
        }
        let (note, text, data) = (0x20_0000, 0x20_1000, 0x20_2000);
        let headers = [(1, 4, 0x1000, note), (1, 5, 0x2000, text), (1, 6, 0x3000, data), (4, 4, 0x1000, note)];
        for (n, (kind, flags, offset, address)) in headers.into_iter().enumerate() {
            let len = if kind == 4 { 104 } else { 0x1000 };
            for (field, value) in [(0, kind | flags << 32), (8, offset), (16, address), (32, len), (40, len)] {
                put(64 + 56 * n + field, value, 8);
            }
        }
        for (at, value) in [(0, 7), (4, 40), (8, 1), (20, u64::from(ABI_VERSION)), (60, 7), (64, 24), (68, 2)] {
            put(0x1000 + at, value, 4);
        }
        for (at, value) in [(8, text), (16, text), (24, text + 0x1000), (32, text)] {
            put(0x1000 + 20 + at, value.wrapping_sub(note + 20 + at as u64), 8);
        }
        for (at, value) in [(80, 2 | 1 << 32), (88, 32 << 20), (96, 0)] {
            put(0x1000 + at, value, 8);
        }
        for at in [0x100c, 0x1048] {
            bytes[at..at + 7].copy_from_slice(note::NAME);
        }
        bytes
    }

    /// Opens these bytes as a file.
    fn open(bytes: &[u8]) -> Result<ImageFile, Error> {
        let path =
            std::env::temp_dir().join(format!("uhyve-image-{}-{:?}", std::process::id(), std::thread::current().id()));
        std::fs::write(&path, bytes).unwrap();
        let image = ImageFile::open(&path);
        std::fs::remove_file(&path).unwrap();
        image
    }

    #[test]
    fn notes_tell_nub_and_defaults() {
        let image = open(&good()).unwrap();
        assert_eq!(image.nub, Nub { entry: 0x20_1000, text: Range::new(0x20_1000, 0x1000), vectors: 0x20_1000 });
        assert_eq!((image.defaults.cpus, image.defaults.flags, image.defaults.mem), (2, 1, 32 << 20));
        assert_eq!(image.default_memory(4, 1 << 40), 32 << 20);
    }

    #[test]
    fn large_programs_get_twice_their_size() {
        let mut bytes = good();
        bytes[0x1000 + 88..0x1000 + 96].fill(0);
        assert_eq!(open(&bytes).unwrap().default_memory(1, 1 << 40), 64 << 20);
        assert_eq!(open(&bytes).unwrap().default_memory(8, 1 << 40), 3200 << 20);
        assert_eq!(open(&bytes).unwrap().default_memory(8, 512 << 20), 256 << 20, "half of the host's");
        assert_eq!(open(&bytes).unwrap().default_memory(8, 64 << 20), 64 << 20, "but never less than one core's");
        bytes[64 + 56 * 2 + 40..][..8].copy_from_slice(&(100_u64 << 20).to_le_bytes());
        assert_eq!(open(&bytes).unwrap().default_memory(1, 1 << 40), 2 * ((100 << 20) + 0x2000));
    }

    /// Whatever is changed, an image that is accepted keeps what the rest relies on.
    #[test]
    fn random_changes_never_get_past_the_checks() {
        let (good, mut random, mut accepted) = (good(), 0x9e37_79b9_7f4a_7c15_u64, 0);
        let mut next = |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random as usize % below
        };
        for _ in 0..3000 {
            let mut bytes = good.clone();
            for _ in 0..1 + next(3) {
                // The headers, or the notes.
                let at = [next(64 + 4 * 56), 0x1000 + next(104)][next(2)];
                bytes[at] = [0, 1, 0x7f, 0x80, 0xff, next(256) as u8][next(6)];
            }
            bytes.truncate(bytes.len() - if next(8) == 0 { next(0x3fff) } else { 0 });
            let Ok(image) = open(&bytes) else { continue };
            accepted += 1;
            let segments = &image.elf.segments[..image.elf.count];
            assert!(segments.iter().all(|segment| segment.file.end() <= bytes.len() as u64));
            assert!(segments.iter().all(|segment| segment.file.len <= segment.memory.len));
            assert!(segments.windows(2).all(|two| two[0].memory.end() <= two[1].memory.start));
            assert!(segments.iter().any(|segment| segment.memory.contains(&image.nub.text)));
            assert!(image.nub.text.contains(&Range::new(image.nub.entry, 1)));
        }
        assert!(accepted > 100, "most changes of unused bytes are harmless: {accepted}");
    }
}
