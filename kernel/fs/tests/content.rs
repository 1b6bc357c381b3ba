//! Contents against a plain vector: whatever is written, resized and read is the same.
// SPDX-License-Identifier: BSD-3-Clause
use hermit_fs::content::{Content, Extent, LARGEST, MAX_SIZE};
use hermit_fs::NoSpace;
use std::cell::Cell;

thread_local! {
    /// Bytes that can still be taken.
    static LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Memory that begins as rubbish.
struct Memory(Vec<u8>);

impl Extent for Memory {
    fn take(len: usize) -> Result<Self, NoSpace> {
        let left = LEFT.get().checked_sub(len).ok_or(NoSpace)?;
        LEFT.set(left);
        Ok(Self(vec![0xa5; len]))
    }

    fn size(&self) -> usize {
        self.0.len()
    }

    fn read(&self, at: usize, bytes: &mut [u8]) {
        bytes.copy_from_slice(&self.0[at..at + bytes.len()]);
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    fn zero(&mut self, at: usize, len: usize) {
        self.0[at..at + len].fill(0);
    }
}

/// Numbers that look random.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn all(content: &Content<Memory>) -> Vec<u8> {
    let mut bytes = vec![1; content.size() as usize + 7];
    let len = content.read(0, &mut bytes);
    bytes.truncate(len);
    bytes
}

/// Writes, cuts and holes around every border between pieces.
#[test]
fn is_what_was_written() {
    let mut random = Random(7);
    for most in [100, 5000, 70_000, 3 << 20, 7 << 20] {
        let (mut content, mut model) = (Content::<Memory>::new(), Vec::new());
        for step in 0..200_u64 {
            let at = random.below(most) as usize;
            if random.below(4) == 0 {
                match random.below(2) {
                    0 => content.resize(at as u64),
                    _ => content.resize_in_place(at as u64),
                }
                model.resize(at, 0);
            } else {
                let bytes = vec![step as u8 + 1; random.below(most / 8 + 2) as usize];
                assert_eq!(content.write(at as u64, &bytes), Ok(bytes.len()));
                if !bytes.is_empty() {
                    model.resize(model.len().max(at + bytes.len()), 0);
                    model[at..at + bytes.len()].copy_from_slice(&bytes);
                } else {
                    model.resize(model.len().max(at), 0);
                }
            }
            assert_eq!(content.size(), model.len() as u64);
        }
        assert!(all(&content) == model, "of at most {most} bytes");
    }
}

#[test]
fn holes_take_no_memory_and_are_found() {
    let mut content = Content::<Memory>::new();
    content.write(MAX_SIZE - 3, b"end").unwrap();
    assert_eq!((content.size(), content.taken()), (MAX_SIZE, LARGEST));
    assert_eq!(content.hole(0), Some(0));
    assert_eq!(content.data(0), Some(MAX_SIZE & !(LARGEST - 1)));
    assert_eq!(content.hole(MAX_SIZE - 1), Some(MAX_SIZE));
    assert_eq!((content.data(MAX_SIZE), content.hole(MAX_SIZE)), (None, None));
    content.resize(5);
    assert_eq!((content.taken(), content.data(0)), (0, None));
}

#[test]
fn a_small_file_takes_little() {
    let mut content = Content::<Memory>::new();
    content.write(0, b"hello").unwrap();
    assert_eq!(content.taken(), 64);
    content.write(5, &[b'x'; 1000]).unwrap();
    assert_eq!(content.taken(), 1024);
}

#[test]
fn without_memory_as_much_is_written_as_there_is_room() {
    LEFT.set(8192);
    let mut content = Content::<Memory>::new();
    assert_eq!(content.write(0, &[7; 20_000]), Ok(8192));
    assert_eq!(content.write(8192, &[7; 1]), Err(NoSpace));
    assert_eq!(content.size(), 8192);
    assert!(all(&content).iter().all(|byte| *byte == 7));
}

#[test]
fn pinned_memory_is_all_of_the_range_and_zero_where_nothing_was() {
    let mut content = Content::<Memory>::new();
    content.write(4096, b"x").unwrap();
    let mut seen = Vec::new();
    content.pin(0, 20_480, |memory, at, len| seen.extend_from_slice(&memory.0[at..at + len])).unwrap();
    assert_eq!(seen.len(), 20_480);
    assert_eq!(seen.iter().filter(|byte| **byte != 0).count(), 1);
    assert_eq!(content.size(), 4097);
}
